package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.rollback.CheckVerdict;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.api.rollback.VerificationCheck;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.RollingShop;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rollbacks of a real program that Helm installs, with its Pods' answers and a real Prometheus as witnesses. */
@Tag("node")
@Execution(ExecutionMode.CONCURRENT)
class RollbackNodeTest {

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @BeforeEach
    void install() {
        helm("1.4.1");
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: shop}
                spec:
                  workloads: [{name: web}, {name: worker}]
                  health: {workload: web, path: /api/health, port: http, interval: 5s, failureThreshold: 2}
                  releases: {soakTime: 5s}
                  metrics: {prometheus: {url: "http://prometheus.shop.svc:9090"}}
                """, ManagedApplication.class));
        awaitRelease("1.4.1");
    }

    @Test
    void badDeployIsRolledBackAndTheNextHelmUpgradeMeetsNoConflict() {
        helm("1.4.2");
        awaitRelease("1.4.2");
        helm("1.5.0-bad");

        RollbackRequestStatus status = roll("""
                verify:
                  stableFor: 5s
                  metrics:
                  - promql: sum(up{job="shop"}) or sum(up)
                    comparison: GreaterThan
                    threshold: {value: 0}
                    window: 5s
                """, RollbackOutcome.SUCCEEDED);

        assertThat(RollingShop.message(status)).startsWith("shop 1.5.0-bad → 1.4.2 (web ");
        assertThat(status.checks())
                .as("%s", status.checks())
                .extracting(VerificationCheck::name)
                .contains("Rollout web", "Image web", "Rollout worker", "Health", "Metric 1");
        assertThat(status.checks()).allMatch(check -> check.verdict() == CheckVerdict.PASS);
        assertThat(status.samples()).isNotEmpty().allMatch(sample -> sample.verdict() == CheckVerdict.PASS);
        assertThat(status.workloads().getFirst().to().digests())
                .singleElement()
                .asString()
                .matches("[a-z]+=sha256:[0-9a-f]{64}");
        assertThat(versions()).containsOnly("1.4.2");

        helm("1.4.1");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(versions()).containsOnly("1.4.1"));
        assertThat(namespace
                        .find(Deployment.class, "web")
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getImage())
                .endsWith(":1.4.1");
    }

    /** No image of the second one is anywhere. */
    @ParameterizedTest
    @CsvSource({"1.5.1-crash, CrashLoopBackOff", "9.9.9, Image"})
    void targetThatDoesNotComeUpIsToldAndWhatRanBeforeIsPutBack(String version, String why) {
        helm(version, "--wait=false");
        await().atMost(PATIENCE)
                .until(() -> namespace.list(Pod.class).stream().anyMatch(pod -> version.equals(version(pod))));
        helm("1.4.1");

        RollbackRequestStatus status = roll("""
                to: {version: %s}
                allowUnverified: true
                onFailure: RestorePrevious
                """.formatted(version), RollbackOutcome.VERIFY_FAILED);

        assertThat(RollingShop.message(status)).contains(why).contains("What ran before is put back.");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(versions()).containsOnly("1.4.1"));
    }

    /** The commands of docs/on-call/roll-back.md, in the order of the page. */
    @Test
    void cardForTheNightRunsAsItIsWritten(@TempDir Path folder) {
        helm("1.5.0-bad");
        OnCallCard card = new OnCallCard(namespace, folder, "roll-back.md", "roll-back.yaml", "roll-back-dry-run.yaml");

        String output = card.run();

        assertThat(output)
                .contains("shop 1.5.0-bad → 1.4.1 would be done")
                .contains("shop 1.5.0-bad → 1.4.1 (web ")
                .contains("Pass\tHealth: the Pods answer GET /api/health on port http with 200")
                .contains("1.4.1\t")
                .contains("kubectl rollout undo deployment/web --namespace " + namespace.name());
        assertThat(versions()).containsOnly("1.4.1");
    }

    /** Readiness and rollout are fine, and two of five answers are errors. */
    @Test
    void targetWhoseHealthFailsIsNotVerified() {
        helm("1.5.0-bad");
        helm("1.4.1");

        RollbackRequestStatus status = roll("""
                to: {version: 1.5.0-bad}
                allowUnverified: true
                timeout: 90s
                """, RollbackOutcome.VERIFY_FAILED, RollbackOutcome.INCONCLUSIVE);

        assertThat(RollingShop.message(status)).contains("Health").contains("503");
        assertThat(versions()).containsOnly("1.5.0-bad");
    }

    private void helm(String version, String... more) {
        HelmShop.deploy(namespace, version, more);
    }

    private void awaitRelease(String version) {
        await("a release of " + version)
                .atMost(PATIENCE)
                .until(() -> Stream.ofNullable(
                                namespace.find(ManagedApplication.class, "shop").getStatus())
                        .flatMap(status -> status.releases().stream())
                        .anyMatch(release -> version.equals(release.version())));
    }

    private RollbackRequestStatus roll(String spec, RollbackOutcome... outcomes) {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: RollbackRequest
                metadata: {name: shop-1}
                spec:
                  applicationRef: {name: shop}
                  reason: errors
                """ + spec.indent(2), RollbackRequest.class));
        RollbackRequestStatus status = await("the end of the rollback")
                .atMost(PATIENCE)
                .until(
                        () -> namespace.find(RollbackRequest.class, "shop-1").getStatus(),
                        found -> found.phase() == RollbackPhase.FINISHED);
        assertThat(outcomes).as(RollingShop.message(status)).contains(status.outcome());
        return status;
    }

    private List<String> versions() {
        return namespace.list(Pod.class).stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map(RollbackNodeTest::version)
                .distinct()
                .toList();
    }

    private static String version(Pod pod) {
        return pod.getMetadata().getLabels().get("app.kubernetes.io/version");
    }
}
