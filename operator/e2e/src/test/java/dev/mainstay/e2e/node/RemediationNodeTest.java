package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.alert.RemediationAttempt;
import dev.mainstay.api.alert.RemediationOutcome;
import dev.mainstay.api.alert.RemediationStatus;
import dev.mainstay.api.alert.ResolveReason;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The guide's "Performance Issues" by the objects of examples/remediation, with nobody at hand: a slow shop heals itself. */
@Tag("node")
class RemediationNodeTest {

    private static final List<String> SERVERS = List.of("web");

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private AlertedShop shop;

    @BeforeEach
    void open() {
        shop = new AlertedShop(namespace).open();
        new NodeShop(namespace).secret("cache", "shop-cache", Map.of());
        namespace.all(ManagedApplication.class).withName("shop").patch(PatchContext.of(PatchType.JSON_MERGE), """
                        {"spec": {"services": [{"name": "web"}], "caches": [{"name": "main", "redis":
                          {"host": "shop-cache.shop.svc", "credentialsSecretRef": {"name": "cache"}}}]}}""");
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void givenServersThatHaveBecomeSlow_whenTheAlertFires_thenTheRunbookHealsThemOnceAndBothAreTold()
            throws IOException {
        Map<String, String> selector = selector();
        redis("SET", namespace.name() + ":page:1", "old");
        redis("SET", namespace.name() + ":basket:1", "kept");
        namespace.create(Serialization.unmarshal(
                example("channel.yaml")
                        .replaceFirst(
                                "slack: .*", "webhook: {url: \"http://receiver." + namespace.name() + ".svc/hook\"}"),
                NotificationChannel.class));
        namespace.create(Serialization.unmarshal(
                example("runbook.yaml").replace("\"page:\"", "\"" + namespace.name() + ":page:\""), Runbook.class));
        shop.watchInAHurry(example("alert-rule.yaml")
                .replace("dryRun: true", "dryRun: false")
                .replace("approval: Required", "approval: None"));
        shop.awaitState("slow", AlertState.INACTIVE);

        shop.fault(SERVERS, "delay=1500");
        shop.awaitTold("slow", "firing");
        MaintenanceRunStatus run = finishedRun();

        assertThat(run.outcome()).as("%s", run).isEqualTo(RunOutcome.PASSED);
        assertThat(run.steps())
                .as("%s", run)
                .extracting(RunStep::name)
                .containsExactly("tell", "page-on", "more", "clear", "again", "answers", "page-off");
        assertThat(run.steps()).as("%s", run).extracting(RunStep::outcome).containsOnly(StepOutcome.PASSED);
        assertThat(redis("EXISTS", namespace.name() + ":page:1")).isEqualTo("0");
        assertThat(redis("EXISTS", namespace.name() + ":basket:1")).isEqualTo("1");
        AlertRuleStatus over = shop.awaitState("slow", AlertState.INACTIVE);
        assertThat(over.lastResolved().reason()).isEqualTo(ResolveReason.RECOVERED);
        shop.awaitTold("slow", "resolved");
        assertThat(shop.told("slow")).containsExactly("firing", "resolved");
        await("the attempt is judged")
                .atMost(AlertedShop.PATIENCE)
                .untilAsserted(() -> assertThat(
                                shop.status("slow").orElseThrow().remediation().attempts())
                        .singleElement()
                        .extracting(RemediationAttempt::outcome)
                        .isEqualTo(RemediationOutcome.HEALED));
        assertThat(namespace.list(MaintenanceRun.class)).hasSize(1);
        assertThat(namespace.list(MaintenanceMode.class)).isEmpty();
        assertThat(selector()).isEqualTo(selector);
    }

    /** What a network policy does: the operator's packets do not arrive at the Pods, and the kubelet's do. */
    @Test
    void givenPodsThatTheOperatorMayNotReach_whenTheirHealthIsWatched_thenItIsUnknownAndNothingIsDone() {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: Runbook
                metadata: {name: act}
                spec: {steps: [{name: act, notify: {channel: team, message: Something is done.}}]}
                """, Runbook.class));
        shop.watchInAHurry("""
                apiVersion: mainstay.dev/v1alpha1
                kind: AlertRule
                metadata: {name: silent}
                spec:
                  applicationRef: {name: shop}
                  metric: HealthCheck
                  pendingFor: 5m
                  interval: 30s
                  noData: Alert
                  onError: Alert
                  notify: [{channel: team}]
                  remediation: {runbookRef: {name: act}, dryRun: false, approval: None}
                """);
        shop.awaitState("silent", AlertState.INACTIVE);

        shop.cutOff(new InstalledOperator(namespace.client()).address());

        shop.awaitState("silent", AlertState.FIRING);
        await("the rule says why nothing is done")
                .atMost(AlertedShop.PATIENCE)
                .untilAsserted(
                        () -> assertThat(shop.status("silent").orElseThrow().remediation())
                                .isNotNull()
                                .extracting(RemediationStatus::blockedReason)
                                .isEqualTo("NotMeasured"));
        ManagedApplication application = namespace.find(ManagedApplication.class, "shop");
        assertThat(application.getStatus().conditions())
                .filteredOn(condition -> condition.type().equals("Healthy"))
                .singleElement()
                .satisfies(condition -> {
                    assertThat(condition.status()).isEqualTo(ConditionStatus.UNKNOWN);
                    assertThat(condition.reason()).isEqualTo("Unreachable");
                });
        assertThat(namespace.list(MaintenanceRun.class)).isEmpty();
    }

    private MaintenanceRunStatus finishedRun() {
        return await("what the alert has begun is finished")
                .atMost(AlertedShop.PATIENCE)
                .until(
                        () -> namespace.list(MaintenanceRun.class).stream()
                                .map(MaintenanceRun::getStatus)
                                .filter(status -> status != null && status.phase() == RunPhase.FINISHED)
                                .findFirst()
                                .orElse(null),
                        status -> status != null);
    }

    private Map<String, String> selector() {
        return namespace.find(Service.class, "web").getSpec().getSelector();
    }

    private String example(String file) throws IOException {
        return Files.readString(
                        ClusterClient.REPOSITORY.resolve("examples/remediation").resolve(file))
                .replace("namespace: shop", "namespace: " + namespace.name());
    }

    /** What the shop's cache answers. */
    private String redis(String... command) {
        KubernetesClient client = namespace.client();
        String password = new String(
                Base64.getDecoder()
                        .decode(namespace.find(Secret.class, "cache").getData().get("password")),
                StandardCharsets.UTF_8);
        String pod = client.pods()
                .inNamespace(NodeShop.SHOP)
                .withLabel("app.kubernetes.io/name", "shop-cache")
                .list()
                .getItems()
                .getFirst()
                .getMetadata()
                .getName();
        return PodProgram.output(
                        client.pods().inNamespace(NodeShop.SHOP).withName(pod),
                        Stream.concat(
                                        Stream.of("redis-cli", "--no-auth-warning", "--pass", password),
                                        Arrays.stream(command))
                                .toArray(String[]::new))
                .strip();
    }
}
