package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.workload.ScaleOwnership;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.CheckedShop;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.RestoredShop;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import dev.mainstay.e2e.runner.FakeDatabases;
import dev.mainstay.e2e.runner.FakeRunner;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A run that holds the workloads makes room for a restore, and waits for one that came first. */
@Tag("simulated")
class RestoreBesideRunSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(3);

    private static final String STEPS = """
            {"steps": [
              {"name": "more", "scale": {"workload": "%1$s", "to": 4}},
              {"name": "confirm", "manual": {"text": "Look."}},
              {"name": "less", "scale": {"workload": "%1$s", "restore": true}}]}""";

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    private static volatile Behaviour ofCopies = Behaviour.SUCCEED;

    @AutoClose
    private static OperatorProcess operator;

    @AutoClose
    private static FakeRunner runner;

    @BeforeAll
    static void start() {
        operator = OperatorProcess.started(NAMESPACE.name());
        runner = new FakeRunner(
                NAMESPACE.client(),
                NAMESPACE.name(),
                task -> task.kind() == TaskKind.RESTORE_COPY ? ofCopies : Behaviour.SUCCEED);
    }

    @Test
    void givenARunThatWaitsForAPerson_whenARestoreIsMade_thenTheRunGivesBackAndStopsAndTheRestoreIsDone() {
        RestoredShop shop = new RestoredShop(NAMESPACE, runner.databases(), "room").open();
        CheckedShop runs = runs("room");
        runs.run("room-run", "").awaitReason("room-run", "WaitingForApproval");
        assertThat(shop.deployment().getSpec().getReplicas()).isEqualTo(4);

        shop.restore("room-restore", "");
        RestoreRequestStatus restored = shop.finished("room-restore", SOON);
        assertThat(restored.outcome()).as("%s", restored).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(runner.databases().contents()).containsEntry("room", FakeDatabases.OF_THE_BACKUP);
        MaintenanceRunStatus status = runs.finished("room-run");
        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.CANCELLED);
        assertThat(Shop.condition(status.conditions(), "Ready")).isEqualTo("FALSE/Preempted");
        assertThat(told(status))
                .startsWith("It makes room for RestoreRequest room-restore, which needs the workloads."
                        + " The run stops at step confirm.");
        assertThat(status.steps()).extracting(RunStep::owes).containsOnly(false);
        assertThat(restored.step(RestoreStepName.STOP_WORKLOADS).orElseThrow().startedAt())
                .as("the run had given back and ended by then")
                .isAfterOrEqualTo(status.completedAt());
        holdsNothing(shop, "room-run");
    }

    @Test
    void givenARestore_whenTheStepsTurnComes_thenItWaitsForItsEndAndNamesIt() {
        RestoredShop shop = new RestoredShop(NAMESPACE, runner.databases(), "waits").open();
        ofCopies = Behaviour.RUN_ON;
        shop.restore("waits-restore", ", stopWorkloads: BeforeRestore");
        await().atMost(SOON).until(() -> shop.deployment().getSpec().getReplicas() == 0);
        CheckedShop runs = runs("waits");
        MaintenanceRunStatus waiting = runs.run("waits-run", "").awaitReason("waits-run", "Claimed");

        assertThat(told(waiting)).contains("RestoreRequest waits-restore works on the workloads");
        assertThat(waiting.claim().waitingFor().name()).isEqualTo("waits-restore");
        ofCopies = Behaviour.SUCCEED;
        runner.lookAgain();
        assertThat(shop.finished("waits-restore", SOON).outcome()).isEqualTo(RestoreOutcome.SUCCEEDED);
        runs.awaitReason("waits-run", "WaitingForApproval");
        assertThat(shop.deployment().getSpec().getReplicas()).isEqualTo(4);
        runs.annotate("waits-run", Annotations.APPROVE, "confirm@alice");

        assertThat(runs.finished("waits-run").outcome()).isEqualTo(RunOutcome.PASSED);
        holdsNothing(shop, "waits-run");
    }

    private static CheckedShop runs(String name) {
        return new CheckedShop(NAMESPACE, name, "", 0).runbook(STEPS.formatted(name));
    }

    private static String told(MaintenanceRunStatus status) {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals("Ready"))
                .map(condition -> condition.message())
                .findFirst()
                .orElse("");
    }

    private static void holdsNothing(RestoredShop shop, String run) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(NAMESPACE
                                .find(MaintenanceRun.class, run)
                                .getMetadata()
                                .getFinalizers())
                        .isEmpty());
        assertThat(shop.missing()).isEmpty();
        assertThat(shop.deployment().getMetadata().getManagedFields())
                .noneMatch(entry -> entry.getManager().equals(ScaleOwnership.MANAGER));
    }
}
