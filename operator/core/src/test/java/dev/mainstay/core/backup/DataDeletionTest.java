package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.core.backup.BackupObservation.ClaimObservation;
import dev.mainstay.core.backup.BackupObservation.Places;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.backup.DataDeletion.Step;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskKind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataDeletionTest {

    private static final BackupPolicy DELETES = Shop.with(Shop.policy(), "{deletionPolicy: 'Delete'}");
    private static final String PATH = "s3://backups/prod/webshop/nightly/20260329T010000Z-b1c2d3e4-2/";

    private final DatabaseBackup backup = Shop.backup();
    private final Map<String, JobObservation> jobs = new TreeMap<>();
    private BackupPolicy policy = DELETES;

    DataDeletionTest() {
        finished("Succeeded");
        allow("true");
    }

    private void finished(String phase) {
        backup.setStatus(Fields.of(DatabaseBackupStatus.class, """
                {phase: '%s', completedAt: '2026-03-29T01:05:00Z', location: '%s', attempts: [
                 {number: 1, state: 'Failed', path: 's3://backups/prod/webshop/nightly/20260329T010000Z-b1c2d3e4-1/'},
                 {number: 2, state: 'Succeeded', path: '%s'}]}""".formatted(phase, PATH, PATH)));
    }

    private void allow(String value) {
        Shop.annotated(backup, Annotations.ALLOW_DATA_DELETION, value);
    }

    private void arm() {
        backup.getMetadata().setFinalizers(List.of("other", Annotations.DATA_FINALIZER));
    }

    /** Its deletion began an hour after its creation. */
    private void delete() {
        arm();
        backup.getMetadata().setDeletionTimestamp(Shop.at("1h").toString());
    }

    private Step decide(String at) {
        return DataDeletion.decide(
                new BackupObservation(
                        backup,
                        policy,
                        Shop.application(),
                        ServiceAccountObservation.NOT_NAMED,
                        Shop.CLUSTER,
                        jobs,
                        new Places(20, 20, 5, 5, 0, 5, 0),
                        List.of(),
                        ClaimObservation.NONE,
                        null),
                Shop.at(at));
    }

    private static String job(int sequence) {
        return Names.job("first", Shop.UID, 2, TaskKind.REMOVE, sequence);
    }

    private JobBuilder seen(int sequence) {
        return JobBuilder.removeJob(2, sequence).startBy("70m");
    }

    private void job(JobBuilder job) {
        JobObservation built = job.build();
        jobs.put(built.name(), built);
    }

    @ParameterizedTest
    @CsvSource({
        "Succeeded, true, Delete, false, Arm",
        "Succeeded, true, Delete, true, Nothing",
        "Succeeded, true, Retain, false, Nothing",
        "Succeeded, true, Retain, true, Disarm",
        "Succeeded, false, Delete, false, Nothing",
        "Succeeded, false, Delete, true, Disarm",
        "Failed, true, Delete, false, Nothing",
        "Expired, true, Delete, true, Disarm",
        "Running, true, Delete, false, Nothing",
    })
    void givenTheTwoKeys_whenAnObjectLives_thenItsFinalizerStandsWhileBothDo(
            String phase, String annotation, String deletionPolicy, boolean armed, String step) {
        finished(phase);
        allow(annotation);
        policy = Shop.with(Shop.policy(), "{deletionPolicy: '%s'}".formatted(deletionPolicy));
        if (armed) {
            arm();
        }

        assertThat(decide("1h").getClass().getSimpleName()).isEqualTo(step);
        assertThat(DataDeletion.concerns(backup))
                .as("nothing is decided that is not looked at")
                .isIn(true, step.equals("Arm") || armed);
    }

    @Test
    void givenNeitherKeyNorFinalizer_whenAnObjectIsSeen_thenItIsNotLookedAtFurther() {
        backup.getMetadata().setAnnotations(null);

        assertThat(DataDeletion.concerns(backup)).isFalse();
    }

    @Test
    void givenNoFinalizer_whenTheObjectIsDeleted_thenItGoes() {
        backup.getMetadata().setDeletionTimestamp(Shop.at("1h").toString());

        assertThat(DataDeletion.concerns(backup)).isFalse();
        assertThat(decide("1h")).isInstanceOf(Step.Nothing.class);
    }

    @Test
    void givenBothKeys_whenTheObjectIsDeleted_thenAJobRemovesTheDataThatItTellsOf() {
        delete();

        assertThat(decide("1h")).isInstanceOfSatisfying(Step.Remove.class, remove -> {
            assertThat(remove.job().name()).isEqualTo(job(1));
            assertThat(remove.job().task().kind()).isEqualTo(TaskKind.REMOVE);
            assertThat("s3://backups/" + remove.job().task().path()).isEqualTo(PATH);
            assertThat(remove.job().task().retention()).isNull();
        });
    }

    @Test
    void givenAJobAtWork_whenItIsLookedAt_thenItIsWaitedFor() {
        delete();
        job(seen(1).running());

        assertThat(decide("61m"))
                .isInstanceOfSatisfying(
                        Step.Wait.class,
                        wait -> assertThat(wait.message()).isEqualTo("Job " + job(1) + " removes the data."));
        assertRetained(decide("70m"), "it could not be removed within 10 minutes: Job " + job(1) + " has not ended.");
    }

    @Test
    void givenAJobThatRemovedIt_whenItIsLookedAt_thenTheObjectGoesAndSaysSo() {
        delete();
        job(seen(1).result(TaskResults.aborted(TaskKind.REMOVE, null)));

        assertThat(decide("61m"))
                .isEqualTo(new Step.Release(Reason.DATA_REMOVED, "The data at " + PATH + " was removed."));
    }

    @Test
    void givenAJobThatFailed_whenAMinuteHasPassed_thenAnotherOneFollowsUntilTheTimeIsOver() {
        delete();
        job(seen(1).result(TaskResults.failed(TaskKind.REMOVE, Reason.STORAGE_DENIED)));

        assertThat(decide("60m"))
                .isInstanceOfSatisfying(
                        Step.Wait.class,
                        wait -> assertThat(wait.message())
                                .isEqualTo(
                                        "The data could not be removed yet, which is tried until 2026-03-29T02:10:00Z:"
                                                + " The runner says why."));
        assertThat(decide("61m"))
                .isInstanceOfSatisfying(
                        Step.Remove.class,
                        remove -> assertThat(remove.job().name()).isEqualTo(job(2)));
        assertRetained(decide("70m"), "it could not be removed within 10 minutes: The runner says why.");
        job(seen(2).running());
        assertThat(decide("62m"))
                .isInstanceOfSatisfying(
                        Step.Wait.class,
                        wait -> assertThat(wait.message())
                                .isEqualTo("Job " + job(2)
                                        + " removes the data. The one before could not: The runner says why."));
        Shop.annotated(backup, Annotations.FORCE_RELEASE, "true");
        assertRetained(
                decide("62m"),
                "annotation mainstay.dev/force-release ended the wait for it. The last Job could not remove it: The"
                        + " runner says why.");
    }

    @Test
    void givenAJobThatDied_whenAMinuteHasPassed_thenAnotherOneFollows() {
        delete();
        job(seen(1).dead("OOMKilled (exit code 137)"));

        assertThat(decide("61m")).isInstanceOf(Step.Remove.class);
    }

    @Test
    void givenAJobOfTheNameThatIsAnotherOnes_whenItIsThere_thenTheNextNameIsTaken() {
        delete();
        job(seen(1).foreign());

        assertThat(decide("61m"))
                .isInstanceOfSatisfying(
                        Step.Remove.class,
                        remove -> assertThat(remove.job().name()).isEqualTo(job(2)));
    }

    @Test
    void givenWhatKeepsAJobFromBeingMade_whenTheObjectIsDeleted_thenItIsTriedUntilTheTimeIsOver() {
        delete();
        policy = Shop.with(DELETES, "{database: 'other'}");

        assertThat(decide("61m"))
                .isInstanceOfSatisfying(
                        Step.Wait.class, wait -> assertThat(wait.message()).contains("has no database of that name"));
        assertThat(decide("70m"))
                .isInstanceOfSatisfying(
                        Step.Release.class,
                        release -> assertThat(release.message()).contains("has no database of that name"));
    }

    @Test
    void givenAPause_whenTheObjectIsDeleted_thenTheDataIsRemovedAllTheSame() {
        delete();
        Shop.annotated(backup, Annotations.PAUSED, "inventory");

        assertThat(decide("1h")).isInstanceOf(Step.Remove.class);
    }

    @Test
    void givenAKeyTakenAway_whenTheObjectIsDeletedAlready_thenTheDataStays() {
        delete();
        policy = Shop.policy();

        assertRetained(
                decide("1h"),
                "annotation mainstay.dev/allow-data-deletion, or deletionPolicy Delete of BackupPolicy nightly, is not"
                        + " there any more.");
        policy = null;
        assertThat(decide("1h")).isInstanceOf(Step.Release.class);
    }

    @Test
    void givenForceRelease_whenTheObjectIsDeleted_thenItGoesAtOnce() {
        delete();
        job(seen(1).running());
        Shop.annotated(backup, Annotations.FORCE_RELEASE, "true");

        assertRetained(decide("61m"), "annotation mainstay.dev/force-release ended the wait for it.");
    }

    @Test
    void givenDataThatRetentionRemoved_whenTheObjectIsDeleted_thenItGoesWithoutAJob() {
        finished("Expired");
        delete();

        assertThat(decide("1h"))
                .isEqualTo(new Step.Release(Reason.DATA_REMOVED, "Retention had removed the data before."));
    }

    @Test
    void givenAStatusThatCannotBeRead_whenTheObjectIsDeleted_thenItGoesAndTheDataStays() {
        delete();
        backup.setStatus(null);
        backup.markUnreadableStatus("phase: is a number");

        assertThat(decide("1h"))
                .isInstanceOfSatisfying(
                        Step.Release.class,
                        release -> assertThat(release.reason()).isEqualTo(Reason.DATA_RETAINED));
    }

    private static void assertRetained(Step step, String why) {
        assertThat(step)
                .isEqualTo(new Step.Release(
                        Reason.DATA_RETAINED, "What is left of the data stays at " + PATH + ": " + why));
    }
}
