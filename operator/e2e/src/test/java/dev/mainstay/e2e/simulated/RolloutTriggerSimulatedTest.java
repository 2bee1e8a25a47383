package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.MaintenanceScheduleStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.api.schedule.LastRollout;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.RollingShop;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Schedules that follow rollouts, under the real controller of Deployments; their Pods are simulated. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class RolloutTriggerSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    /** In which a run would have been made that must not be: looked at is within a second of a change. */
    private static final Duration STILL = Duration.ofSeconds(4);

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @AutoClose
    private static OperatorProcess operator;

    @BeforeAll
    static void start() {
        operator = OperatorProcess.started(NAMESPACE.name());
    }

    /** Its run restarts what was rolled out. */
    @Test
    void givenARunThatRestarts_whenAReleaseIsRolledOut_thenItHasOneRunAndTheRestartNone() {
        RollingShop shop = new RollingShop(NAMESPACE, "again").application();
        shop.release("1.4.1");
        // A busy machine may roll the one out before the other is applied.
        schedule("again", "{name: again, restart: {}}", "trigger: {workloads: [again-web]}");
        assertThat(runs("again")).isEmpty();

        shop.deploy("1.4.2");
        await().atMost(SOON).until(() -> passed("again") == 1);
        assertThat(runs("again").getFirst().getSpec().reason())
                .isEqualTo("Rollout of Deployment again-web (1.4.2), followed by MaintenanceSchedule again");
        await("the restart was seen")
                .atMost(SOON)
                .until(() -> rolledOut("again").workloads().stream()
                        .allMatch(deployment -> deployment.revision() == 2 && deployment.newestRevision() == 3));

        shop.deploy("1.4.3");
        await().atMost(SOON).until(() -> passed("again") == 2);
        await().atMost(SOON)
                .until(() -> rolledOut("again").workloads().stream()
                        .allMatch(deployment -> deployment.newestRevision() == 5));
        stays("again", 2);
        assertThat(status("again").lastSuccess().outcome()).isEqualTo(RunOutcome.PASSED);
        assertThat(status("again").nextRuns()).isNull();
        assertThat(status("again").skippedRuns()).isEmpty();
    }

    /** Nothing answers at its Pods, so the run fails; what comes of it is not of interest. */
    @Test
    void givenOneDeploymentThatIsFollowed_whenOthersChangeOrItIsScaledPausedOrRolledBack_thenNoRunIsMade() {
        RollingShop shop = new RollingShop(NAMESPACE, "calm").application();
        shop.release("1.4.1");
        schedule("calm", "{name: look, httpCheck: {}}", "trigger: {workloads: [calm-web]}");

        shop.apply(shop.worker(), "1.4.2", "replicas: 1", "");
        patch(shop.web(), "{\"spec\": {\"replicas\": 3}}");
        stays("calm", 0);
        patch(shop.web(), "{\"spec\": {\"paused\": true}}");
        patch(shop.web(), "{\"spec\": {\"replicas\": 2}}");
        shop.apply(shop.web(), "1.4.2", "replicas: 2", "");
        stays("calm", 0);
        patch(shop.web(), "{\"spec\": {\"paused\": null}}");
        await().atMost(SOON).until(() -> finished("calm") == 1);
        assertThat(rolledOut("calm").changed()).containsExactly(shop.web());

        shop.awaitRelease("1.4.2");
        shop.roll("calm-1", "", RollbackOutcome.SUCCEEDED);
        assertThat(shop.version(shop.web())).isEqualTo("1.4.1");
        await("the rollback was seen")
                .atMost(SOON)
                .until(() -> rolledOut("calm")
                        .workload(shop.web())
                        .orElseThrow()
                        .version()
                        .equals("1.4.1"));
        stays("calm", 1);
        shop.apply(shop.web(), "1.4.2", "replicas: 2", "");
        await("a person deploys it once more").atMost(SOON).until(() -> finished("calm") == 2);
    }

    @Test
    void givenTheBeginningIsFollowed_whenTheNewPodsNeverCome_thenItHasItsRunAllTheSame() {
        RollingShop shop = new RollingShop(NAMESPACE, "early").application();
        shop.release("1.4.1");
        schedule("early", "{name: look, httpCheck: {}}", "trigger: {rollout: Started, workloads: [early-web]}");
        schedule("early", "late", "trigger: {workloads: [early-web]}");

        shop.apply(shop.web(), "1.4.2", "replicas: 2", "schedulerName: nobody,");
        await().atMost(SOON).until(() -> finished("early") == 1);
        stays("late", 0);
        assertThat(rolledOut("late").workloads().getFirst().version()).isEqualTo("1.4.1");
    }

    private static void schedule(String name, String steps, String spec) {
        if (steps.startsWith("{")) {
            NAMESPACE.create(Serialization.unmarshal("""
                    apiVersion: mainstay.dev/v1alpha1
                    kind: Runbook
                    metadata: {name: %s}
                    spec: {steps: [%s]}
                    """.formatted(name, steps), Runbook.class));
        }
        String schedule = steps.startsWith("{") ? name : steps;
        NAMESPACE.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceSchedule
                metadata: {name: %1$s}
                spec: {applicationRef: {name: %2$s}, runbookRef: {name: %2$s}, %3$s}
                """.formatted(schedule, name, spec), MaintenanceSchedule.class));
        await().atMost(SOON)
                .until(() -> status(schedule) != null && status(schedule).lastRollout() != null);
    }

    private static void stays(String schedule, int many) {
        await().atMost(SOON).during(STILL).until(() -> runs(schedule).size() == many);
    }

    private static MaintenanceScheduleStatus status(String name) {
        return NAMESPACE.find(MaintenanceSchedule.class, name).getStatus();
    }

    private static LastRollout rolledOut(String name) {
        return status(name).lastRollout();
    }

    private static List<MaintenanceRun> runs(String schedule) {
        return NAMESPACE
                .all(MaintenanceRun.class)
                .withLabel(Annotations.SCHEDULE, schedule)
                .list()
                .getItems();
    }

    private static long finished(String schedule) {
        return runs(schedule).stream()
                .filter(run -> run.getStatus() != null && run.getStatus().phase() == RunPhase.FINISHED)
                .count();
    }

    private static long passed(String schedule) {
        return runs(schedule).stream()
                .filter(run -> run.getStatus() != null && run.getStatus().outcome() == RunOutcome.PASSED)
                .count();
    }

    private static void patch(String deployment, String patch) {
        NAMESPACE.all(Deployment.class).withName(deployment).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }
}
