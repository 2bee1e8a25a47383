package dev.mainstay.core.backup;

import static dev.mainstay.core.backup.AttemptBuilder.attempt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.backup.BackupDecision.MakeJob;
import dev.mainstay.core.backup.BackupObservation.ClaimObservation;
import dev.mainstay.core.backup.BackupObservation.Places;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.retention.RetentionRules;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RetentionReport;
import dev.mainstay.core.task.RetentionReport.Stored;
import dev.mainstay.core.task.Task.Retention;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackupRetentionTest {

    private static final BackupPolicy THINNED =
            Shop.with(Shop.policy(), "{timeZone: 'Europe/Berlin', retention: {keepLast: 3}}");
    private static final DatabaseBackup OLD = Backups.succeeded("old", "1m", VerificationLevel.FULL_READ);
    private static final DatabaseBackup OLDER = Backups.succeeded("older", "0s", VerificationLevel.FULL_READ);

    @Test
    void givenAPolicyWithRetention_whenATaskProvesABackup_thenItIsToldTheRulesAndTheFinishedBackups() {
        DatabaseBackup elsewhere = Backups.succeeded("elsewhere", "2m", VerificationLevel.FULL_READ);
        elsewhere.setStatus(Fields.with(elsewhere.getStatus(), "{location: 's3://backups/other/nightly/elsewhere/'}"));
        DatabaseBackup deleted = Backups.succeeded("deleted", "2m", VerificationLevel.FULL_READ);
        deleted.getMetadata().setDeletionTimestamp("2026-03-29T01:00:00Z");

        assertThat(retention(
                        THINNED,
                        OLDER,
                        OLD,
                        elsewhere,
                        deleted,
                        expired("expired"),
                        Backups.failed("failed", "1m", Reason.DUMP_FAILED),
                        Backups.unfinished(
                                "running", BackupPhase.RUNNING, attempt(1).started("1m"))))
                .isEqualTo(new Retention(
                        "Europe/Berlin",
                        new RetentionRules(3, null, null, null, null, null, null, 1),
                        false,
                        false,
                        List.of("old", "older")));
    }

    /** The one that is being restored may be old, and so is the one to restore if it turns out to be no good. */
    @Test
    void givenARestore_whenABackupIsMade_thenNoOlderOneIsRemoved() {
        assertThat(removing(Situation.with(attempt(1)))).isTrue();
        assertThat(removing(Situation.with(attempt(1)).restoring())).isFalse();
        assertThat(removing(Situation.with(attempt(1)).madeBeforeRestore())).isFalse();
    }

    private static boolean removing(Situation situation) {
        return ((MakeJob) situation.policy(THINNED).decide()).task().retention() != null;
    }

    @Test
    void givenAPolicyWithoutRetention_whenATaskProvesABackup_thenNothingIsLookedAt() {
        assertThat(retention(Shop.policy(), OLD)).isNull();
    }

    @Test
    void givenADryRun_whenATaskProvesABackup_thenItIsToldSo() {
        assertThat(retention(Shop.with(Shop.policy(), "{retention: {keepLast: 3, dryRun: true}}"))
                        .dryRun())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-29T02:00:00Z, Failed, true",
        "2026-03-29T00:00:00Z, Failed, false",
        "2026-03-29T02:00:00Z, Succeeded, false",
        "2026-03-29T02:00:00Z, Active, false",
    })
    void givenAnAttemptOfAnotherBackup_whenItIsNewerAndFailed_thenNothingIsToBeRemoved(
            String plannedAt, String state, boolean newestFailed) {
        DatabaseBackup other = Backups.unfinished("other", BackupPhase.PENDING, attempt(1));
        other.setStatus(Fields.with(
                other.getStatus(),
                "{attempts: [{number: 1, state: '%s', plannedAt: '%s'}]}".formatted(state, plannedAt)));

        assertThat(retention(THINNED, other).newestFailed()).isEqualTo(newestFailed);
    }

    @Test
    void givenMoreFinishedBackupsThanAreLookedAt_whenManyBackupsAreMade_thenEachOfThemHasItsTurn() {
        DatabaseBackup[] finished = IntStream.range(0, 1200)
                .mapToObj(i -> Backups.succeeded("b" + i, "1m", VerificationLevel.FULL_READ))
                .toArray(DatabaseBackup[]::new);
        Set<String> lookedAt = new TreeSet<>();

        for (int i = 0; i < 60; i++) {
            DatabaseBackup backup = Shop.backup();
            backup.getMetadata().setUid(new UUID(i * 7919L, i).toString());
            List<String> told = BackupRetention.of(
                            backup, THINNED.getSpec(), attempt(1).build(), List.of(finished))
                    .finished();
            assertThat(told).hasSize(Retention.MOST_FINISHED).doesNotHaveDuplicates();
            lookedAt.addAll(told);
        }

        assertThat(lookedAt).hasSize(finished.length);
    }

    @ParameterizedTest
    @CsvSource({"BACKUP", "VERIFY"})
    void givenAnAnswerThatSomeAreGone_whenItIsRead_thenTheirObjectsSaySoBeforeTheBackupSucceeds(TaskKind kind) {
        TaskResult answer = answer(kind, RetentionReport.encode(List.of(1, 2, 77)));
        Situation before = situation(kind, answer).others(OLD, OLDER);

        assertThat(before.decide()).isEqualTo(new BackupDecision.Expire(List.of(OLDER)));
        assertThat(before.report()).isEqualTo(before.observed());

        assertThat(situation(kind, answer).others(OLD, expired("older")).decide())
                .isInstanceOfSatisfying(
                        BackupDecision.Succeed.class,
                        succeed -> assertThat(succeed.retention()).isEqualTo(answer.retention()));
    }

    @ParameterizedTest
    @CsvSource(
            value = {"NULL", "no base 64!"},
            nullValues = "NULL")
    void givenAnAnswerThatNothingIsGone_whenItIsRead_thenTheBackupSucceeds(String expired) {
        assertThat(situation(TaskKind.BACKUP, answer(TaskKind.BACKUP, expired))
                        .others(OLD, OLDER)
                        .decide())
                .isInstanceOf(BackupDecision.Succeed.class);
    }

    @Test
    void givenMoreThanAPassTakes_whenTheyAreGone_thenTheNextPassGoesOn() {
        String[] folders = IntStream.range(0, 120).mapToObj(i -> "b" + i).toArray(String[]::new);
        DatabaseBackup[] finished = IntStream.range(0, 120)
                .mapToObj(i -> Backups.succeeded("b" + i, "1m", VerificationLevel.FULL_READ))
                .toArray(DatabaseBackup[]::new);
        TaskResult answer = answer(
                TaskKind.BACKUP,
                RetentionReport.encode(IntStream.range(0, 120).boxed().toList()));

        assertThat(Situation.with(attempt(1).started("1m"))
                        .at("6m")
                        .job(JobBuilder.backupJob(1).result(answer).toldOf(folders))
                        .others(finished)
                        .decide())
                .isInstanceOfSatisfying(
                        BackupDecision.Expire.class,
                        expire -> assertThat(expire.gone()).hasSize(50));
    }

    @Test
    void givenAnAnswer_whenTheBackupSucceeds_thenItsStatusTellsWhatIsInTheBucket() {
        DatabaseBackupStatus status =
                situation(TaskKind.BACKUP, answer(TaskKind.BACKUP, null)).report();

        assertThat(status.retention().removed()).isEqualTo(1);
        assertThat(status.retention().stored().count()).isEqualTo(3);
        assertThat(status.retention().stored().size()).isEqualTo("1.00 GiB");
        assertThat(status.retention().reason()).isNull();
    }

    @Test
    void givenABackupWhoseDataIsGone_whenThatIsTold_thenAllThatIsKnownOfItStays() {
        DatabaseBackup backup = Shop.backup();
        backup.setStatus(
                situation(TaskKind.BACKUP, answer(TaskKind.BACKUP, null)).report());
        DatabaseBackupStatus succeeded = backup.getStatus();

        DatabaseBackupStatus status = BackupReport.expired(backup, Shop.at("7d"));

        assertThat(status.phase()).isEqualTo(BackupPhase.EXPIRED);
        assertThat(Fields.with(status, "{phase: 'Succeeded', conditions: []}"))
                .isEqualTo(Fields.with(succeeded, "{conditions: []}"));
        assertThat(status.conditions())
                .extracting(Condition::type, condition -> condition.status().name(), Condition::reason)
                .containsExactly(
                        tuple("Finished", "TRUE", "Expired"),
                        tuple("Ready", "TRUE", "Expired"),
                        tuple("Succeeded", "TRUE", "Expired"));
        assertThat(status.conditions().getFirst().message())
                .isEqualTo(
                        "There was a backup at " + succeeded.location() + ". At 2026-04-05T01:00:00Z its data was found"
                                + " gone: no rule of spec.retention of BackupPolicy nightly kept it.");
        assertThat(BackupDecider.decide(
                        new BackupObservation(
                                withStatus(backup, status),
                                Shop.policy(),
                                Shop.application(),
                                ServiceAccountObservation.NOT_NAMED,
                                Shop.CLUSTER,
                                Map.of(),
                                new Places(0, 20, 0, 5, 0, 5, 0),
                                List.of(),
                                ClaimObservation.NONE,
                                null),
                        Shop.at("9d")))
                .isInstanceOf(BackupDecision.Finished.class);
    }

    private static DatabaseBackup withStatus(DatabaseBackup backup, DatabaseBackupStatus status) {
        backup.setStatus(status);
        return backup;
    }

    private static Situation situation(TaskKind kind, TaskResult answer) {
        return kind == TaskKind.BACKUP
                ? Situation.with(attempt(1).started("1m"))
                        .at("6m")
                        .job(JobBuilder.backupJob(1).result(answer).toldOf("old", "older", "gone-long-ago"))
                : Situation.with(attempt(1).verifying(1, "2m"))
                        .committed(VerificationLevel.NONE)
                        .at("6m")
                        .job(JobBuilder.verifyJob(1, 1).result(answer).toldOf("old", "older", "gone-long-ago"));
    }

    private static TaskResult answer(TaskKind kind, String expired) {
        return TaskResults.committed(kind, VerificationLevel.FULL_READ)
                .with(new RetentionReport(
                        new Stored(3, 1 << 30, Shop.CREATED, Shop.at("1h")), 1, null, expired, null, null));
    }

    private static DatabaseBackup expired(String name) {
        DatabaseBackup backup = Backups.succeeded(name, "1m", VerificationLevel.FULL_READ);
        return withStatus(backup, Fields.with(backup.getStatus(), "{phase: 'Expired'}"));
    }

    private static Retention retention(BackupPolicy policy, DatabaseBackup... others) {
        return BackupRetention.of(Shop.backup(), policy.getSpec(), attempt(1).build(), List.of(others));
    }
}
