package dev.mainstay.e2e.simulated;

import static dev.mainstay.e2e.operator.Shop.condition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.restore.RestoreStep;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.restore.RestoreStepState;
import dev.mainstay.api.restore.RestoreTaskState;
import dev.mainstay.core.restore.SafetyBackups;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.RestoredShop;
import dev.mainstay.e2e.runner.Behaviour;
import dev.mainstay.e2e.runner.FakeDatabases;
import dev.mainstay.e2e.runner.FakeRunner;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Restores whose Jobs are played: what the operator makes of each of their ends. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class RestoreSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(3);

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    /** How the tasks of a database go. */
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
                task -> SCRIPTS.getOrDefault(
                                task.database() == null ? "" : task.database().database(), ignored -> Behaviour.SUCCEED)
                        .apply(task));
    }

    @Test
    void givenABackup_whenItIsRestored_thenItIsInPlaceAndTheDatabaseBeforeIsKept() {
        RestoredShop shop = shop("whole");
        shop.restore("whole-1", "");
        RestoreRequestStatus status = shop.finished("whole-1", SOON);

        assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(status.steps())
                .extracting(RestoreStep::name)
                .containsExactly(
                        RestoreStepName.PLAN,
                        RestoreStepName.RESTORE_COPY,
                        RestoreStepName.ENTER_MAINTENANCE,
                        RestoreStepName.STOP_WORKLOADS,
                        RestoreStepName.SWAP,
                        RestoreStepName.START_WORKLOADS,
                        RestoreStepName.CHECK_HEALTH,
                        RestoreStepName.LEAVE_MAINTENANCE);
        assertThat(status.steps())
                .allMatch(step -> step.state() == RestoreStepState.DONE || step.name() == RestoreStepName.CHECK_HEALTH);
        assertThat(databases())
                .containsEntry("whole", FakeDatabases.OF_THE_BACKUP)
                .containsEntry(status.previous().database(), RestoredShop.OF_NOW);
        assertThat(condition(status.conditions(), "Succeeded")).isEqualTo("TRUE/Succeeded");
        assertThat(shop.missing()).isEmpty();
        assertThat(status.undoCommand()).contains("previousOf");

        shop.restore("whole-2", "source: {previousOf: {name: whole-1}}");
        RestoreRequestStatus undone = shop.finished("whole-2", SOON);
        assertThat(undone.outcome()).as("%s", undone).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(databases())
                .containsEntry("whole", RestoredShop.OF_NOW)
                .containsEntry(undone.previous().database(), FakeDatabases.OF_THE_BACKUP);
        assertThat(shop.missing()).isEmpty();
        awaitKept(shop, "whole-1", "FALSE/PutBack");
        assertThat(shop.status("whole-1").previous()).isNull();
        assertThat(condition(undone.conditions(), "PreviousKept")).isEqualTo("TRUE/Kept");

        runner.databases().drop(undone.previous().database());
        // A look in the very second in which the restore ended may have begun before it, and does not count.
        AtomicInteger asked = new AtomicInteger();
        await("whole-2").atMost(SOON).pollInterval(Duration.ofSeconds(10)).until(() -> {
            shop.look(Integer.toString(asked.incrementAndGet()));
            return condition(shop.status("whole-2").conditions(), "PreviousKept")
                    .equals("FALSE/Gone");
        });
        assertThat(shop.status("whole-2").undoCommand()).isNull();
        assertThat(condition(shop.status("whole-2").conditions(), "Succeeded")).isEqualTo("TRUE/Succeeded");
    }

    private static void awaitKept(RestoredShop shop, String request, String told) {
        await(request)
                .atMost(SOON)
                .until(() -> condition(shop.status(request).conditions(), "PreviousKept"), told::equals);
    }

    @Test
    void givenABackupIsRequiredBefore_thenItIsMadeBeforeTheRestoreAndStaysWithoutIt() {
        RestoredShop shop = shop("safe");
        shop.restore("safe-1", ", safetyBackup: Required");
        RestoreRequestStatus status = shop.finished("safe-1", SOON);

        assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.SUCCEEDED);
        String made = SafetyBackups.name(shop.request("safe-1"));
        shop.delete("safe-1");
        await().atMost(SOON).until(() -> shop.request("safe-1") == null);
        assertThat(shop.backup(made).getStatus().phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(shop.backup(made).getSpec().reason()).contains("RestoreRequest safe-1", "orders are gone");
    }

    @Test
    void givenABackupIsRequiredBefore_whenItFails_thenNothingIsTouchedAndItSaysWhy() {
        RestoredShop shop = shop("unsafe");
        SCRIPTS.put("unsafe", task -> task.kind() == TaskKind.BACKUP ? Behaviour.FAIL : Behaviour.SUCCEED);
        shop.restore("unsafe-1", ", safetyBackup: Required");
        RestoreRequestStatus status = shop.finished("unsafe-1", SOON);

        assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.BLOCKED);
        assertThat(status.failure().reason()).isEqualTo("SafetyBackupFailed");
        assertThat(status.failure().message())
                .contains("DatabaseBackup " + SafetyBackups.name(shop.request("unsafe-1")), "503");
        assertThat(status.step(RestoreStepName.RESTORE_COPY).orElseThrow().state())
                .isEqualTo(RestoreStepState.SKIPPED);
        assertThat(databases()).containsEntry("unsafe", RestoredShop.OF_NOW);
        assertThat(shop.missing()).isEmpty();
    }

    /** In a new cluster nothing but the bucket is left, and a policy that opens it. */
    @Test
    void givenNoObjectOfTheBackup_whenItsPathIsNamed_thenItIsRestored() {
        RestoredShop shop = shop("bucket");
        NAMESPACE.client().resource(shop.backup("bucket")).delete();
        await().atMost(SOON).until(() -> shop.backup("bucket") == null);
        shop.restore("bucket-1", "source: {policyRef: {name: bucket}, path: old/shop/20250101T010000Z-0badcafe-1}");
        RestoreRequestStatus status = shop.finished("bucket-1", SOON);

        assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(status.plan().location()).isEqualTo("s3://backups/old/shop/20250101T010000Z-0badcafe-1/");
        assertThat(status.plan().goesBackTo()).isEqualTo("2026-01-01T01:00:00Z");
        assertThat(status.plan().writesLost()).isNotNull();
        assertThat(databases())
                .containsEntry("bucket", FakeDatabases.OF_THE_BACKUP)
                .containsEntry(status.previous().database(), RestoredShop.OF_NOW);
    }

    @Test
    void givenACopyThatCannotBeRestored_thenNothingIsTouchedAndItSaysWhy() {
        RestoredShop shop = shop("damaged");
        SCRIPTS.put("damaged", task -> task.kind() == TaskKind.RESTORE_COPY ? Behaviour.FAIL : Behaviour.SUCCEED);
        shop.restore("damaged-1", "");
        RestoreRequestStatus status = shop.finished("damaged-1", SOON);

        assertThat(status.outcome()).isEqualTo(RestoreOutcome.FAILED);
        assertThat(databases()).containsEntry("damaged", RestoredShop.OF_NOW);
        assertThat(status.failure().message()).contains("503");
        assertThat(shop.missing()).isEmpty();
        await("nothing holds the request any more")
                .atMost(SOON)
                .until(() ->
                        shop.request("damaged-1").getMetadata().getFinalizers().isEmpty());
    }

    /** The database may be closed then, and nobody knows whether the copy is in place. */
    @Test
    void givenASwapThatIsKilledInTheMiddle_thenItIsFoundOutAndEverythingIsGivenBack() {
        RestoredShop shop = shop("killed");
        SCRIPTS.put(
                "killed",
                task -> task.kind() == TaskKind.RESTORE_SWAP ? Behaviour.KILLED_BEFORE_COMMIT : Behaviour.SUCCEED);
        shop.restore("killed-1", "");
        RestoreRequestStatus status = shop.finished("killed-1", SOON);

        assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.FAILED);
        assertThat(databases()).containsEntry("killed", RestoredShop.OF_NOW);
        assertThat(shop.missing()).isEmpty();
    }

    @Test
    void givenASwapThatIsKilledWhenItWasDone_thenTheRestoreGoesOn() {
        RestoredShop shop = shop("late");
        SCRIPTS.put(
                "late",
                task -> task.kind() == TaskKind.RESTORE_SWAP ? Behaviour.KILLED_AFTER_COMMIT : Behaviour.SUCCEED);
        shop.restore("late-1", "");
        RestoreRequestStatus status = shop.finished("late-1", SOON);

        assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(databases()).containsEntry("late", FakeDatabases.OF_THE_BACKUP);
        assertThat(shop.missing()).isEmpty();
    }

    @Test
    void givenACopyThatIsBeingRestored_whenTheRequestIsDeleted_thenItEndsAndLeavesNothing() {
        RestoredShop shop = shop("deleted");
        SCRIPTS.put("deleted", task -> task.kind() == TaskKind.RESTORE_COPY ? Behaviour.RUN_ON : Behaviour.SUCCEED);
        shop.restore("deleted-1", ", stopWorkloads: BeforeRestore");
        await().atMost(SOON)
                .until(() -> shop.deployment().getSpec().getReplicas() == 0
                        && shop.status("deleted-1")
                                .step(RestoreStepName.RESTORE_COPY)
                                .filter(step -> step.state() == RestoreStepState.RUNNING)
                                .isPresent());
        assertThat(shop.cronJob().getSpec().getSuspend()).isTrue();

        shop.delete("deleted-1");
        await().atMost(SOON).until(() -> shop.request("deleted-1") == null);
        assertThat(databases()).containsEntry("deleted", RestoredShop.OF_NOW);
        assertThat(shop.missing()).isEmpty();
    }

    @Test
    void givenADryRun_thenItTellsWhatItWouldCostAndChangesNothing() {
        RestoredShop shop = shop("dry");
        shop.restore("dry-1", ", dryRun: true");
        RestoreRequestStatus status = shop.finished("dry-1", SOON);

        assertThat(condition(status.conditions(), "Ready")).isEqualTo("TRUE/WouldRestore");
        assertThat(status.plan().goesBackTo()).isEqualTo("2026-01-01T01:00:00Z");
        assertThat(status.plan().previous()).startsWith("dry_before_");
        assertThat(databases()).containsEntry("dry", RestoredShop.OF_NOW);
        assertThat(shop.missing()).isEmpty();
        assertThat(shop.request("dry-1").getMetadata().getFinalizers()).isEmpty();
    }

    @Test
    void givenARestoreUnderWay_whenAnotherIsAskedFor_thenItWaitsAndBothAreDone() {
        RestoredShop shop = shop("two");
        SCRIPTS.put("two", task -> task.kind() == TaskKind.RESTORE_COPY ? Behaviour.RUN_ON : Behaviour.SUCCEED);
        shop.restore("two-1", "");
        await().atMost(SOON)
                .until(() -> shop.status("two-1")
                        .step(RestoreStepName.RESTORE_COPY)
                        .filter(step -> step.state() == RestoreStepState.RUNNING)
                        .isPresent());
        shop.restore("two-2", "");
        await().atMost(SOON)
                .until(() -> condition(shop.status("two-2").conditions(), "Reconciling")
                        .equals("TRUE/Claimed"));
        assertThat(shop.status("two-2").claim().waitingFor().name()).isEqualTo("two-1");

        SCRIPTS.remove("two");
        runner.lookAgain();
        assertThat(shop.finished("two-1", SOON).outcome()).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(shop.finished("two-2", SOON).outcome()).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(databases())
                .containsEntry(shop.status("two-1").previous().database(), RestoredShop.OF_NOW)
                .containsEntry(shop.status("two-2").previous().database(), FakeDatabases.OF_THE_BACKUP);
        assertThat(shop.missing()).isEmpty();
    }

    /** It stops what writes first, and has the database for itself until the end. */
    @Test
    void givenARestoreThatHasTheDatabase_whenABackupIsMade_thenItWaitsAndIsMadeAfterwards() {
        RestoredShop shop = shop("alone");
        SCRIPTS.put("alone", task -> task.kind() == TaskKind.RESTORE_COPY ? Behaviour.RUN_ON : Behaviour.SUCCEED);
        shop.restore("alone-1", ", stopWorkloads: BeforeRestore");
        await().atMost(SOON).until(() -> shop.deployment().getSpec().getReplicas() == 0);
        shop.backUp("alone-2");
        await().atMost(SOON).until(() -> {
            DatabaseBackupStatus status = shop.backup("alone-2").getStatus();
            return status.claim() != null
                    && status.claim().waitingFor() != null
                    && status.claim().waitingFor().name().equals("alone-1");
        });

        SCRIPTS.remove("alone");
        runner.lookAgain();
        assertThat(shop.finished("alone-1", SOON).outcome()).isEqualTo(RestoreOutcome.SUCCEEDED);
        await().atMost(SOON).until(() -> shop.backup("alone-2").getStatus().phase() == BackupPhase.SUCCEEDED);
    }

    @Test
    void givenACancelledRestore_thenItSaysSoAndTheObjectStays() {
        RestoredShop shop = shop("cancelled");
        SCRIPTS.put("cancelled", task -> task.kind() == TaskKind.RESTORE_COPY ? Behaviour.RUN_ON : Behaviour.SUCCEED);
        shop.restore("cancelled-1", "");
        await().atMost(SOON)
                .until(() -> runner.databases().contents().containsKey("cancelled")
                        && shop.status("cancelled-1").task() != null
                        && shop.status("cancelled-1").task().kind().equals(TaskKind.RESTORE_COPY.text()));
        shop.annotate("cancelled-1", Annotations.CANCEL, "found them");
        RestoreRequestStatus status = shop.finished("cancelled-1", SOON);

        assertThat(status.outcome()).isEqualTo(RestoreOutcome.CANCELLED);
        assertThat(status.failure().message()).contains("found them");
        assertThat(databases()).containsEntry("cancelled", RestoredShop.OF_NOW);
        assertThat(databases().keySet()).noneMatch(name -> name.startsWith("cancelled_"));
    }

    /** A drained node, or somebody with kubectl: neither has said anything of the restore. */
    @Test
    void givenTheJobOfACopy_whenSomebodyElseDeletesIt_thenItIsMadeAgainAndTheRestoreGoesOn() {
        RestoredShop shop = shop("drained");
        SCRIPTS.put("drained", task -> task.kind() == TaskKind.RESTORE_COPY ? Behaviour.RUN_ON : Behaviour.SUCCEED);
        shop.restore("drained-1", "");
        String job = await().atMost(SOON).until(() -> copyJob(shop, "drained-1"), Objects::nonNull);
        SCRIPTS.remove("drained");
        NAMESPACE.all(Job.class).withName(job).delete();

        RestoreRequestStatus status = shop.finished("drained-1", SOON);
        assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(databases()).containsEntry("drained", FakeDatabases.OF_THE_BACKUP);
        assertThat(shop.missing()).isEmpty();
    }

    /** As an uninstallation leaves it: without its finalizer, a restore that is deleted would give nothing back. */
    @Test
    void givenARestoreUnderWay_whenItsFinalizerIsTakenOff_thenItIsPutBack() {
        RestoredShop shop = shop("unmarked");
        SCRIPTS.put("unmarked", task -> task.kind() == TaskKind.RESTORE_COPY ? Behaviour.RUN_ON : Behaviour.SUCCEED);
        shop.restore("unmarked-1", "");
        await().atMost(SOON).until(() -> copyJob(shop, "unmarked-1") != null);

        NAMESPACE
                .all(RestoreRequest.class)
                .withName("unmarked-1")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":[]}}");

        await().atMost(SOON)
                .until(() -> !shop.request("unmarked-1")
                        .getMetadata()
                        .getFinalizers()
                        .isEmpty());
        shop.annotate("unmarked-1", Annotations.CANCEL, "true");
        assertThat(shop.finished("unmarked-1", SOON).outcome()).isEqualTo(RestoreOutcome.CANCELLED);
    }

    @Test
    void givenTheApplicationIsDeletedInTheMiddle_whenTheRequestIsToo_thenItGivesBackAndGoes() {
        RestoredShop shop = shop("gone");
        SCRIPTS.put("gone", task -> task.kind() == TaskKind.RESTORE_COPY ? Behaviour.RUN_ON : Behaviour.SUCCEED);
        shop.restore("gone-1", ", stopWorkloads: BeforeRestore, maintenanceMode: false");
        await().atMost(SOON)
                .until(() -> shop.deployment().getSpec().getReplicas() == 0 && copyJob(shop, "gone-1") != null);
        NAMESPACE.all(ManagedApplication.class).withName("gone").delete();
        await().atMost(SOON)
                .until(() ->
                        condition(shop.status("gone-1").conditions(), "Stalled").equals("TRUE/DatabaseNotFound"));
        String copy = shop.status("gone-1").plan().copy();

        shop.delete("gone-1");

        await().atMost(SOON).until(() -> shop.request("gone-1") == null);
        assertThat(shop.deployment().getSpec().getReplicas()).isEqualTo(2);
        assertThat(shop.cronJob().getSpec().getSuspend()).isFalse();
        assertThat(NAMESPACE.list(Event.class))
                .filteredOn(event -> "gone-1".equals(event.getRegarding().getName()))
                .extracting(Event::getNote)
                .anySatisfy(note -> assertThat(note).contains("DROP DATABASE \"" + copy + "\";"));
    }

    /** Its Job, when its Pod runs. */
    private static String copyJob(RestoredShop shop, String request) {
        RestoreTaskState task = shop.status(request).task();
        return task != null && TaskKind.RESTORE_COPY.text().equals(task.kind()) ? task.job() : null;
    }

    /** An autoscaler that finds 0 replicas does nothing; a person or a loop may do what it likes. */
    @Test
    void givenAnAutoscalerAndSomebodyWhoScalesUp_whenItIsRestored_thenItStaysStoppedAndBothAreTold() {
        RestoredShop shop = shop("scaled");
        HorizontalPodAutoscaler autoscaler =
                NAMESPACE.create(Serialization.unmarshal("""
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: scaled}
                spec:
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: scaled}
                  minReplicas: 2
                  maxReplicas: 5
                """, HorizontalPodAutoscaler.class));
        SCRIPTS.put("scaled", task -> task.kind() == TaskKind.RESTORE_COPY ? Behaviour.RUN_ON : Behaviour.SUCCEED);
        shop.restore("scaled-1", ", stopWorkloads: BeforeRestore");
        await().atMost(SOON)
                .until(() -> shop.status("scaled-1")
                        .step(RestoreStepName.RESTORE_COPY)
                        .filter(step -> step.state() == RestoreStepState.RUNNING)
                        .isPresent());
        assertThat(shop.deployment().getSpec().getReplicas()).isZero();

        shop.scale(1);
        await().atMost(SOON).until(() -> shop.deployment().getSpec().getReplicas() == 0);
        SCRIPTS.remove("scaled");
        runner.lookAgain();

        RestoreRequestStatus status = shop.finished("scaled-1", SOON);
        assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(Conditions.find(status.conditions(), "Succeeded")
                        .orElseThrow()
                        .message())
                .contains("Deployment scaled", RestoredShop.SOMEBODY);
        assertThat(shop.missing()).isEmpty();
        assertThat(NAMESPACE.find(HorizontalPodAutoscaler.class, "scaled").getSpec())
                .isEqualTo(autoscaler.getSpec());
    }

    private static RestoredShop shop(String name) {
        return new RestoredShop(NAMESPACE, runner.databases(), name).open();
    }

    private static Map<String, String> databases() {
        return runner.databases().contents();
    }
}
