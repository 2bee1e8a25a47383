package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.MaintenanceScheduleStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A schedule that follows the rollouts of the shop, whose Pods start, get ready and end as those of a deploy do. */
@Tag("node")
@Execution(ExecutionMode.CONCURRENT)
class RolloutTriggerNodeTest {

    /** In which a run would have been made that must not be: looked at is within a second of a change. */
    private static final Duration STILL = Duration.ofSeconds(10);

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @Test
    void givenAScheduleThatFollowsTheShop_whenItIsDeployedScaledAndDeployedBadly_thenTheGoodDeployHasOneRun() {
        HelmShop.deploy(namespace, "1.4.1");
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: shop}
                spec:
                  workloads: [{name: web}, {name: worker}]
                  services: [{name: web}]
                  health: {workload: web, path: /api/health, port: http, interval: 5s, failureThreshold: 2}
                """, ManagedApplication.class));
        NodeRuns known = new NodeRuns(namespace, "shop");
        known.runbook("look", "{name: health, httpCheck: {}}, {name: page, httpCheck: {path: /}}");
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceSchedule
                metadata: {name: after-deploy}
                spec: {applicationRef: {name: shop}, runbookRef: {name: look}, trigger: {rollout: Completed}}
                """, MaintenanceSchedule.class));
        await("the schedule knows what runs")
                .atMost(NodeShop.PATIENCE)
                .until(() -> status() != null && status().lastRollout() != null);
        assertThat(runs()).as("what ran before is no rollout").isEmpty();

        Instant deployed = Instant.now();
        HelmShop.deploy(namespace, "1.4.2");

        await("the deploy has its run").atMost(NodeShop.PATIENCE).until(() -> !runs().isEmpty());
        MaintenanceRun run = runs().getFirst();
        MaintenanceRunStatus ended = known.finished(run.getMetadata().getName());
        assertThat(ended.outcome()).as("%s", ended).isEqualTo(RunOutcome.PASSED);
        assertThat(run.getSpec().reason())
                .isEqualTo(
                        "Rollout of Deployments web (1.4.2), worker (1.4.2), followed by MaintenanceSchedule after-deploy");
        assertThat(Instant.parse(run.getMetadata().getCreationTimestamp())).isAfterOrEqualTo(deployed.minusSeconds(1));
        await("the schedule tells of it").atMost(NodeShop.PATIENCE).until(() -> status().lastSuccess() != null);

        HelmShop.deploy(namespace, "1.4.2", "--set", "replicas=3", "--wait");
        HelmShop.deploy(namespace, "1.5.1-crash", "--wait=false");
        await("only the one run").atMost(NodeShop.PATIENCE).during(STILL).until(() -> runs().size() == 1);
        assertThat(status().skippedRuns()).isEmpty();
    }

    private MaintenanceScheduleStatus status() {
        return namespace.find(MaintenanceSchedule.class, "after-deploy").getStatus();
    }

    private List<MaintenanceRun> runs() {
        return namespace
                .all(MaintenanceRun.class)
                .withLabel(Annotations.SCHEDULE, "after-deploy")
                .list()
                .getItems();
    }
}
