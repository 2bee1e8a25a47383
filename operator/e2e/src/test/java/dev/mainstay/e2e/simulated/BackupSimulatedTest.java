package dev.mainstay.e2e.simulated;

import static dev.mainstay.e2e.simulated.ScriptedShops.SOON;
import static dev.mainstay.e2e.simulated.ScriptedShops.awaitRunning;
import static dev.mainstay.e2e.simulated.ScriptedShops.end;
import static dev.mainstay.e2e.simulated.ScriptedShops.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import dev.mainstay.e2e.runner.FakeBucket.Mark;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Backups from beginning to end: what comes of them when their Pods succeed, fail, or go. */
@Tag("simulated")
class BackupSimulatedTest {

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    @Test
    void givenARunnerThatSucceeds_whenABackupIsMade_thenItSucceedsProvenInFull() {
        Shop shop = SHOPS.shop("succeeds", task -> Behaviour.SUCCEED).open();
        DatabaseBackup backup = shop.backup();

        DatabaseBackupStatus status = end(shop);

        assertThat(status.phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(status.verified().level()).isEqualTo(VerificationLevel.FULL_READ);
        assertThat(status.attempts()).extracting(Attempt::state).containsExactly(AttemptState.SUCCEEDED);
        assertThat(Shop.condition(status.conditions(), "Finished")).isEqualTo("TRUE/Succeeded");
        assertThat(marks(status)).containsExactly(Mark.MANIFEST);
        await("Events tell each transition once")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(events(backup))
                        .contains("Starting", "Succeeded")
                        .doesNotHaveDuplicates());
    }

    @Test
    void givenARunnerThatFailsOnce_whenABackupIsMade_thenTheSecondAttemptSucceeds() {
        Shop shop = SHOPS.shop("fails-once", task -> task.attempt() == 1 ? Behaviour.FAIL : Behaviour.SUCCEED)
                .open();
        shop.backup();

        DatabaseBackupStatus status = end(shop);

        assertThat(status.phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(status.attempts())
                .extracting(Attempt::state)
                .containsExactly(AttemptState.FAILED, AttemptState.SUCCEEDED);
        assertThat(status.attempts().getFirst().reason()).isEqualTo("UploadFailed");
    }

    @Test
    void givenARunnerThatAlwaysFails_whenABackupIsMade_thenItFailsAfterItsLastAttemptAndSaysWhy() {
        Shop shop = SHOPS.shop("fails", task -> Behaviour.FAIL).open();
        shop.backup();

        DatabaseBackupStatus status = end(shop);

        assertThat(status.phase()).isEqualTo(BackupPhase.FAILED);
        assertThat(status.attempts()).hasSize(2);
        assertThat(status.failure().reason()).isEqualTo("UploadFailed");
        assertThat(Shop.condition(status.conditions(), "Stalled")).isEqualTo("TRUE/UploadFailed");
        assertThat(Shop.condition(status.conditions(), "Succeeded")).isEqualTo("FALSE/UploadFailed");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(shop.findPolicy().getStatus().consecutiveFailures())
                        .isEqualTo(1));
    }

    @Test
    void givenAPodKilledBeforeItsCommit_whenItTellsNothing_thenItsPathIsSettledBeforeTheNextAttempt() {
        Shop shop = SHOPS.shop(
                        "killed-before",
                        task -> isFirstBackup(task) ? Behaviour.KILLED_BEFORE_COMMIT : Behaviour.SUCCEED)
                .open();
        shop.backup();

        DatabaseBackupStatus status = end(shop);

        assertThat(status.phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(marks(status)).containsExactly(Mark.ABORTED, Mark.MANIFEST);
        assertThat(shop.tasks()).containsExactly("backup 1", "backup 2", "settle 1");
    }

    @Test
    void givenAPodKilledAfterItsCommit_whenItTellsNothing_thenTheBackupIsFoundAndReadBack() {
        Shop shop = SHOPS.shop(
                        "killed-after", task -> isFirstBackup(task) ? Behaviour.KILLED_AFTER_COMMIT : Behaviour.SUCCEED)
                .open();
        shop.backup();

        DatabaseBackupStatus status = end(shop);

        assertThat(status.phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(status.verified().level()).isEqualTo(VerificationLevel.FULL_READ);
        assertThat(marks(status)).containsExactly(Mark.MANIFEST);
        assertThat(shop.tasks()).containsExactly("backup 1", "settle 1", "verify 1");
    }

    @Test
    void givenARunningPod_whenItIsDeleted_thenItsPathIsSettledBeforeTheNextAttempt() {
        Shop shop = SHOPS.shop("pod-deleted", task -> isFirstBackup(task) ? Behaviour.RUN_ON : Behaviour.SUCCEED)
                .open();
        DatabaseBackup backup = shop.backup();
        awaitRunning(shop);

        SHOPS.namespace()
                .all(Pod.class)
                .withLabel(Annotations.OWNER_UID, backup.getMetadata().getUid())
                .delete();

        assertThat(end(shop).phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(shop.tasks()).containsExactly("backup 1", "backup 2", "settle 1");
    }

    @Test
    void givenRunNow_whenItsValueChanges_thenEachValueMakesOneBackup() {
        Shop shop = SHOPS.shop("run-now", task -> Behaviour.SUCCEED).open();

        shop.runNow("one");
        await().atMost(SOON).until(() -> succeeded(shop) == 1);
        shop.runNow("two");
        await().atMost(SOON).until(() -> succeeded(shop) == 2);

        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(shop.findPolicy().getStatus().lastRunNow()).isEqualTo("two"));
        assertThat(shop.findPolicy().getStatus().lastSuccess()).isNotNull();
        assertThat(shop.findPolicy().getStatus().consecutiveFailures()).isZero();
        assertThat(shop.backups()).hasSize(2);
    }

    @Test
    void givenARunningBackup_whenItIsCancelled_thenItsPodGoesItsPathIsSettledAndItSaysWhy() {
        Shop shop = SHOPS.shop("cancelled", task -> isFirstBackup(task) ? Behaviour.RUN_ON : Behaviour.SUCCEED)
                .open();
        DatabaseBackup backup = shop.backup();
        awaitRunning(shop);

        shop.annotateBackup(Annotations.CANCEL, "wrong database");

        DatabaseBackupStatus status = end(shop);
        assertThat(status.phase()).isEqualTo(BackupPhase.FAILED);
        assertThat(status.failure().reason()).isEqualTo("Cancelled");
        assertThat(status.failure().message()).contains("wrong database");
        assertThat(marks(status)).containsExactly(Mark.ABORTED);
        assertThat(shop.tasks()).containsExactly("backup 1", "settle 1");
        await().atMost(SOON)
                .until(() -> SHOPS.of(backup, Pod.class).stream()
                        .noneMatch(pod -> "Running".equals(pod.getStatus().getPhase())));
    }

    @Test
    void givenARunningBackup_whenItIsDeleted_thenItsJobAndPodGo() {
        Shop shop = SHOPS.shop("deleted", task -> Behaviour.RUN_ON).open();
        DatabaseBackup backup = shop.backup();
        awaitRunning(shop);

        SHOPS.namespace().client().resource(backup).delete();

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(SHOPS.of(backup, Job.class)).isEmpty();
            assertThat(SHOPS.of(backup, Pod.class)).isEmpty();
        });
    }

    @Test
    void givenAFinishedBackup_whenItIsCancelled_thenItIsToldOnceThatNothingWas() {
        Shop shop = SHOPS.shop("cancelled-late", task -> Behaviour.SUCCEED).open();
        DatabaseBackup backup = shop.backup();
        assertThat(end(shop).phase()).isEqualTo(BackupPhase.SUCCEEDED);

        shop.annotateBackup(Annotations.CANCEL, "wrong database");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                Shop.condition(shop.status().orElseThrow().conditions(), "Cancelled"))
                        .isEqualTo("FALSE/AlreadyFinished"));
        shop.annotateBackup("example.org/note", "wakes it once more");
        await().atMost(SOON).untilAsserted(() -> assertThat(events(backup)).containsOnlyOnce("AlreadyFinished"));
        assertThat(shop.status().orElseThrow().phase()).isEqualTo(BackupPhase.SUCCEEDED);
    }

    /** The reasons of the Events of a backup. */
    private static List<String> events(DatabaseBackup backup) {
        return SHOPS.namespace().list(Event.class).stream()
                .filter(event -> backup.getMetadata()
                        .getUid()
                        .equals(event.getRegarding().getUid()))
                .map(Event::getReason)
                .toList();
    }

    private static boolean isFirstBackup(Task task) {
        return task.kind() == TaskKind.BACKUP && task.attempt() == 1;
    }

    /** What stands at the path of each attempt. */
    private static List<Mark> marks(DatabaseBackupStatus status) {
        return status.attempts().stream()
                .map(attempt -> SHOPS.runner().bucket().contents().get(attempt.path()))
                .toList();
    }
}
