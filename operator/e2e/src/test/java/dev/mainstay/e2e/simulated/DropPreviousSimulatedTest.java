package dev.mainstay.e2e.simulated;

import static dev.mainstay.e2e.operator.Shop.condition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.application.KeptDatabase;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.RestoreReadiness;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.CheckedShop;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.RestoredShop;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import dev.mainstay.e2e.runner.FakeDatabases;
import dev.mainstay.e2e.runner.FakeRunner;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A run drops a database that a restore has kept, unless a restore needs it; and the restore says so. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class DropPreviousSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(3);

    private static final String RUNBOOK =
            "{\"steps\": [{\"name\": \"tidy\", \"databaseMaintain\": {\"dropPrevious\": {}%s}}], \"finally\": null}";

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    /** How the tasks of an application go. */
    private static final Map<String, Function<Task, Behaviour>> SCRIPTS = new ConcurrentHashMap<>();

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
                task -> SCRIPTS.getOrDefault(task.origin().application(), ignored -> Behaviour.SUCCEED)
                        .apply(task));
    }

    @Test
    void givenAKeptDatabase_whenItIsOldEnough_thenItIsDroppedAndNothingSaysThatItCanBePutBack() {
        RestoredShop shop = restored("old");
        String kept = shop.status("old-1").previous().database();
        CheckedShop run = run("old", "young-1", "");

        MaintenanceRunStatus young = run.finished("young-1");
        assertThat(CheckedShop.outcomes(young)).containsEntry("tidy", StepOutcome.SKIPPED);
        assertThat(young.steps().getFirst().message())
                .startsWith("Database " + kept + ", kept by RestoreRequest old-1, stays: it is kept since ");
        assertThat(databases()).containsEntry(kept, RestoredShop.OF_NOW);

        keptSinceNewYear("old-1");
        run.run("old-dry", "dryRun: true");
        assertThat(run.finished("old-dry").steps().getFirst().message())
                .contains(" As things stand, it drops " + kept)
                .contains(", kept since 2026-01-01T00:00:00Z (", ") by RestoreRequest old-1.");
        assertThat(databases()).containsEntry(kept, RestoredShop.OF_NOW);

        run.run("old-2", "");
        MaintenanceRunStatus status = run.finished("old-2");
        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.PASSED);
        assertThat(status.steps().getFirst().facts()).containsEntry("droppedDatabases", 1L);
        assertThat(databases()).doesNotContainKey(kept).containsEntry("old", FakeDatabases.OF_THE_BACKUP);
        // Nobody has asked for a look.
        await().atMost(SOON)
                .until(
                        () -> condition(shop.status("old-1").conditions(), "PreviousKept"),
                        told -> told.equals("FALSE/Gone"));
        assertThat(shop.status("old-1").previous()).isNull();
        assertThat(shop.status("old-1").undoCommand()).isNull();
        assertThat(NAMESPACE
                        .find(ManagedApplication.class, "old")
                        .getStatus()
                        .restoreReadiness()
                        .getFirst()
                        .kept())
                .isEmpty();

        shop.restore("old-undo", "source: {previousOf: {name: old-1}}");
        RestoreRequestStatus undo = shop.finished("old-undo", SOON);
        assertThat(undo.outcome()).isEqualTo(RestoreOutcome.BLOCKED);
        assertThat(undo.conditions().getFirst().message())
                .contains("keeps none any more.")
                .contains(kept);
    }

    @Test
    void givenARestoreThatPutsItBack_whenARunIsToDropIt_thenItWaitsAndFindsNothingToDrop() {
        RestoredShop shop = restored("back");
        String kept = shop.status("back-1").previous().database();
        keptSinceNewYear("back-1");
        SCRIPTS.put("back", task -> task.kind() == TaskKind.RESTORE_PLAN ? Behaviour.RUN_ON : Behaviour.SUCCEED);
        shop.restore("back-2", "source: {previousOf: {name: back-1}}");
        await().atMost(SOON)
                .until(() -> shop.status("back-2").claim() != null
                        && shop.status("back-2").claim().grantedAt() != null);
        CheckedShop run = run("back", "back-early", "");
        assertThat(run.finished("back-early").steps().getFirst().message())
                .isEqualTo("Database " + kept
                        + ", kept by RestoreRequest back-1, stays: RestoreRequest back-2 is to put it back.");
        run.runbook(RUNBOOK.formatted(", \"analyze\": {}")).run("back-run", "");

        assertThat(run.awaitReason("back-run", "Claimed").claim().waitingFor().name())
                .isEqualTo("back-2");
        SCRIPTS.remove("back");
        runner.lookAgain();

        RestoreRequestStatus undone = shop.finished("back-2", SOON);
        assertThat(undone.outcome()).as("%s", undone).isEqualTo(RestoreOutcome.SUCCEEDED);
        MaintenanceRunStatus status = run.finished("back-run");
        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.PASSED);
        assertThat(databases())
                .containsEntry("back", RestoredShop.OF_NOW)
                .containsEntry(undone.previous().database(), FakeDatabases.OF_THE_BACKUP)
                .doesNotContainKey(kept);
    }

    @Test
    void givenARunThatIsToDropIt_whenARestorePutsItBack_thenTheRunMakesRoomAndItIsThere() {
        RestoredShop shop = restored("first");
        keptSinceNewYear("first-1");
        SCRIPTS.put("first", task -> task.kind() == TaskKind.STEP ? Behaviour.RUN_ON : Behaviour.SUCCEED);
        CheckedShop run = run("first", "first-run", "");
        await().atMost(SOON)
                .until(() -> run.status("first-run") != null
                        && run.status("first-run").steps().stream()
                                .anyMatch(line -> String.valueOf(line.message()).endsWith(" is at work.")));
        shop.restore("first-2", "source: {previousOf: {name: first-1}}");

        RestoreRequestStatus undone = shop.finished("first-2", SOON);
        assertThat(undone.outcome()).as("%s", undone).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(databases()).containsEntry("first", RestoredShop.OF_NOW);
        MaintenanceRunStatus status = run.finished("first-run");
        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.CANCELLED);
        assertThat(Shop.condition(status.conditions(), "Ready")).isEqualTo("FALSE/Preempted");
    }

    /** Of an application whose restore has succeeded. */
    private static RestoredShop restored(String name) {
        RestoredShop shop = new RestoredShop(NAMESPACE, runner.databases(), name).open();
        shop.restore(name + "-1", "");
        RestoreRequestStatus status = shop.finished(name + "-1", SOON);
        assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.SUCCEEDED);
        // What it lists of now is what is to be corrected.
        String kept = status.previous().database();
        shop.look("1");
        await().atMost(SOON)
                .until(() -> NAMESPACE.find(ManagedApplication.class, name).getStatus().restoreReadiness().stream()
                        .map(RestoreReadiness::kept)
                        .flatMap(List::stream)
                        .map(KeptDatabase::name)
                        .anyMatch(kept::equals));
        return shop;
    }

    private static void keptSinceNewYear(String request) {
        NAMESPACE
                .all(RestoreRequest.class)
                .withName(request)
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\":{\"previous\":{\"since\":\"2026-01-01T00:00:00Z\"}}}");
    }

    private static CheckedShop run(String name, String run, String more) {
        return new CheckedShop(NAMESPACE, name, null, 0)
                .runbook(
                        "{\"steps\": [{\"name\": \"tidy\", \"databaseMaintain\": {\"dropPrevious\": {}}}], \"finally\":"
                                + " null}")
                .run(run, more);
    }

    private static Map<String, String> databases() {
        return runner.databases().contents();
    }
}
