package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.Programs;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The guide of examples/shop, by a person who makes a run of each of its Runbooks and confirms what is asked. */
@Tag("node")
class GuideNodeTest {

    private static final Path EXAMPLES = ClusterClient.REPOSITORY.resolve("examples/shop");

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private KeptShop shop;

    @BeforeEach
    void open() {
        shop = new KeptShop(namespace).open();
        // The servers may be those of an earlier day, which knew less of what the role of the backups is to see.
        shop.server.execute("postgres", "GRANT pg_monitor TO backup");
        new NodeShop(namespace).secret("cache", "shop-cache", Map.of());
        namespace.all(ManagedApplication.class).withName("shop").patch(PatchContext.of(PatchType.JSON_MERGE), """
                        {"spec": {"caches": [{"name": "main", "redis":
                          {"host": "shop-cache.shop.svc", "credentialsSecretRef": {"name": "cache"}}}],
                          "certificates": [{"name": "public", "secretRef": {"name": "shop-tls"}}],
                          "metrics": {"prometheus": {"url": "http://prometheus.shop.svc:9090"}}}}""");
        namespace.create(new SecretBuilder()
                .withNewMetadata()
                .withName("shop-tls")
                .endMetadata()
                .withStringData(Map.of("tls.crt", certificate(), "tls.key", "never mounted"))
                .build());
    }

    private static String certificate() {
        return Programs.run(
                new ProcessBuilder(
                        ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout /dev/null"
                                        + " -days 90 -subj /CN=shop -addext subjectAltName=DNS:shop.example.org")
                                .split(" ")),
                "");
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void eachRunbookOfTheGuideIsDoneOnce() throws IOException {
        int replicas = namespace.find(Deployment.class, "web").getSpec().getReplicas();
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                Programs.run(
                        new ProcessBuilder("kubectl", "apply", "--filename", "-"),
                        Files.readString(file).replace("namespace: shop", "namespace: " + namespace.name()));
            }
        }
        List<String> runbooks = namespace.list(Runbook.class).stream()
                .map(runbook -> runbook.getMetadata().getName())
                .toList();
        assertThat(runbooks)
                .contains(
                        "daily",
                        "weekly",
                        "monthly",
                        "quarterly",
                        "performance-issues",
                        "database-issues",
                        "pre-deployment",
                        "post-deployment");
        for (String runbook : runbooks) {
            await("Runbook " + runbook + " can be done")
                    .atMost(KeptShop.PATIENCE)
                    .untilAsserted(() -> assertThat(namespace
                                    .find(Runbook.class, runbook)
                                    .getStatus()
                                    .conditions())
                            .anyMatch(condition ->
                                    condition.type().equals("Ready") && condition.status() == ConditionStatus.TRUE));
            MaintenanceRunStatus status = done(runbook);
            assertThat(status.outcome()).as("%s: %s", runbook, status).isIn(RunOutcome.PASSED, RunOutcome.FINDINGS);
        }
        assertThat(namespace.list(MaintenanceMode.class)).isEmpty();
        assertThat(namespace.find(Deployment.class, "web").getSpec().getReplicas())
                .isEqualTo(replicas);
        assertThat(namespace.list(MaintenanceSchedule.class))
                .filteredOn(schedule -> schedule.getSpec().schedule() != null)
                .hasSize(4)
                .allSatisfy(schedule -> assertThat(schedule.getStatus().nextRuns())
                        .as("%s", schedule.getStatus())
                        .isNotEmpty());
    }

    private MaintenanceRunStatus done(String runbook) {
        String name = runbook + "-1";
        // By a colleague: what has to be approved has to be by somebody else.
        Programs.run(
                new ProcessBuilder("kubectl", "create", "--as=ann", "--as-group=system:masters", "--filename", "-"),
                """
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceRun
                metadata: {name: %s, namespace: %s}
                spec:
                  applicationRef: {name: shop}
                  runbookRef: {name: %s}
                  requestedBy: ann
                  reason: the guide is tried
                """.formatted(name, namespace.name(), runbook));
        await("the run " + name + " is finished")
                .atMost(KeptShop.PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    MaintenanceRun run = namespace.find(MaintenanceRun.class, name);
                    confirm(run);
                    return run.getStatus() != null && run.getStatus().phase() == RunPhase.FINISHED;
                });
        return namespace.find(MaintenanceRun.class, name).getStatus();
    }

    private void confirm(MaintenanceRun run) {
        MaintenanceRunStatus status = run.getStatus();
        if (status != null
                && status.conditions().stream().map(Condition::reason).anyMatch("WaitingForApproval"::equals)) {
            String user = Programs.run(
                            new ProcessBuilder(
                                    "kubectl", "auth", "whoami", "--output", "jsonpath={.status.userInfo.username}"),
                            "")
                    .strip();
            namespace
                    .all(MaintenanceRun.class)
                    .withName(run.getMetadata().getName())
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"metadata\":{\"annotations\":{\"%s\":\"%s@%s\"}}}"
                                    .formatted(Annotations.APPROVE, status.step(), user));
        }
    }
}
