package dev.mainstay.core.backup;

import static dev.mainstay.core.backup.AttemptBuilder.attempt;
import static dev.mainstay.core.backup.JobBuilder.settleJob;
import static dev.mainstay.core.backup.JobBuilder.verifyJob;
import static dev.mainstay.core.backup.Row.row;
import static dev.mainstay.core.backup.Situation.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.SslMode;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.ChecksumMode;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** After an attempt that ended without a result: settling, and proving what turned out to be committed. */
class BackupDeciderFollowUpTest {

    private static final TaskKind SETTLE = TaskKind.SETTLE;
    private static final TaskKind VERIFY = TaskKind.VERIFY;

    static Stream<Row> settlingStarts() {
        return Stream.of(
                row("a settling in the status", settling(1), "make the settle Job of attempt 1, settling 1"),
                row(
                        "a pause, which is for new work",
                        settling(1).paused("migration"),
                        "make the settle Job of attempt 1, settling 1"),
                row("a full house", settling(1).places(20, 5), "make the settle Job of attempt 1, settling 1"),
                row("no application", settling(1).application(null), "stuck: ApplicationNotFound"),
                row("no policy within the hour", settling(1).policy(null), "stuck: PolicyNotFound"),
                row("no policy after the hour", settling(1).policy(null).at("2h"), "give up attempt 1: PolicyNotFound"),
                row(
                        "a service account that lost its release",
                        settling(1)
                                .application(Shop.application(
                                        List.of(Shop.database("ecommerce", SslMode.PREFER)), Shop.template("admin")))
                                .serviceAccount(ServiceAccountObservation.NOT_ALLOWED),
                        "stuck: ServiceAccountNotAllowed"),
                row("a second try too early", settling(2).at("24m59s"), "wait: Settling"),
                row(
                        "a second try after 5 minutes",
                        settling(2).at("25m"),
                        "make the settle Job of attempt 1, settling 2"),
                row(
                        "a second try, and a first whose Pod still waits",
                        settling(2)
                                .job(settleJob(1, 1).unschedulable("0/3 nodes"))
                                .at("25m"),
                        "end the Job"),
                row("a third try too early", settling(3).at("29m59s"), "wait: Settling"),
                row(
                        "a third try after 10 minutes",
                        settling(3).at("30m"),
                        "make the settle Job of attempt 1, settling 3"));
    }

    static Stream<Row> settlingEnds() {
        return Stream.of(
                row(
                        "a settling Job that waits",
                        settling(1).job(settleJob(1, 1).startBy("30m")),
                        "watch attempt 1, settling 1: Settling"),
                row(
                        "a settling Job that runs past its time to start",
                        settling(1).job(settleJob(1, 1).running()).at("2h"),
                        "watch attempt 1, settling 1: Settling"),
                row(
                        "one that did not start in time",
                        settling(1).job(settleJob(1, 1).pending()).at("11m"),
                        "write down attempt 1, settling 2"),
                row(
                        "an accepted settling: nothing is there",
                        settled(TaskResults.aborted(SETTLE, null)),
                        "give up attempt 1: PodFailed"),
                row(
                        "a committed backup, not read back yet",
                        settled(TaskResults.committed(SETTLE, VerificationLevel.NONE)),
                        "note the facts, attempt 1, verification 1"),
                row(
                        "a committed backup, read back less than asked",
                        settled(TaskResults.committed(SETTLE, VerificationLevel.CHECKSUM)),
                        "note the facts, attempt 1, verification 1"),
                row(
                        "a committed backup, proven already",
                        settled(TaskResults.committed(SETTLE, VerificationLevel.FULL_READ)),
                        "succeed, proven by FullRead"),
                row(
                        "a policy that wants no proof",
                        settled(TaskResults.committed(SETTLE, VerificationLevel.NONE))
                                .policy(Shop.policy(Shop.s3("backups", ChecksumMode.AUTO), VerificationLevel.NONE, 2)),
                        "succeed, proven by None"),
                row(
                        "a committed backup without its facts",
                        settled(TaskResults.committedWithoutFacts(SETTLE)),
                        "write down attempt 1, settling 2"),
                row(
                        "a settling that could not reach the store",
                        settled(TaskResults.failed(SETTLE, Reason.STORAGE_UNREACHABLE)),
                        "write down attempt 1, settling 2"),
                row(
                        "a settling that was killed",
                        settling(1).job(settleJob(1, 1).dead("Error (exit code 137)")),
                        "write down attempt 1, settling 2"),
                row(
                        "a settling whose Pod is gone",
                        settling(1).job(settleJob(1, 1).finished("BackoffLimitExceeded, …")),
                        "write down attempt 1, settling 2"),
                row(
                        "a foreign Job that claims success",
                        settling(1)
                                .job(settleJob(1, 1)
                                        .foreign()
                                        .result(TaskResults.committed(SETTLE, VerificationLevel.FULL_READ))),
                        "write down attempt 1, settling 2"),
                row(
                        "the sixth settling that failed",
                        settling(6).job(settleJob(1, 6).result(TaskResults.failed(SETTLE, Reason.STORAGE_UNREACHABLE))),
                        "give up attempt 1: StorageUnreachable"));
    }

    static Stream<Row> verifying() {
        return Stream.of(
                row("a committed backup", reading(1), "make the verify Job of attempt 1, verification 1"),
                row("no application", reading(1).application(null), "stuck: ApplicationNotFound"),
                row(
                        "no policy any more: it stays committed",
                        reading(1).policy(null).at("2h"),
                        "succeed, as far as the status knows, not further: PolicyNotFound"),
                row("a second try too early", reading(2).at("24m59s"), "wait: Verifying"),
                row(
                        "a second try after 5 minutes",
                        reading(2).at("25m"),
                        "make the verify Job of attempt 1, verification 2"),
                row(
                        "a Job that runs",
                        reading(1).job(verifyJob(1, 1).running()),
                        "watch attempt 1, verification 1: Verifying"),
                row(
                        "all rows counted",
                        read(TaskResults.committed(VERIFY, VerificationLevel.FULL_READ)),
                        "succeed, proven by FullRead"),
                row(
                        "less than asked, with its reason",
                        read(TaskResults.unproven(VERIFY, Reason.DEADLINE_EXCEEDED)),
                        "succeed, proven by None, not further: DeadlineExceeded"),
                row(
                        "damage",
                        read(TaskResults.aborted(VERIFY, Reason.VERIFICATION_FAILED)),
                        "give up attempt 1: VerificationFailed"),
                row(
                        "a store that does not answer",
                        read(TaskResults.failed(VERIFY, Reason.STORAGE_UNREACHABLE)),
                        "write down attempt 1, verification 2"),
                row(
                        "a Job that is gone",
                        reading(1).job(verifyJob(1, 1).deleting()),
                        "write down attempt 1, verification 2"),
                row(
                        "a foreign Job",
                        reading(1).job(verifyJob(1, 1).foreign().running()),
                        "write down attempt 1, verification 2"),
                row(
                        "the third try that failed",
                        reading(3).job(verifyJob(1, 3).result(TaskResults.failed(VERIFY, Reason.STORAGE_UNREACHABLE))),
                        "succeed, as far as the status knows, not further: StorageUnreachable"),
                row(
                        "the third try that was killed",
                        reading(3).job(verifyJob(1, 3).dead("OOMKilled (exit code 137)")),
                        "succeed, as far as the status knows, not further: PodFailed"));
    }

    @ParameterizedTest
    @MethodSource({"settlingStarts", "settlingEnds", "verifying"})
    void givenASituation_whenItIsDecided_thenOneStepFollows(Row row) {
        row.check();
    }

    @Test
    void givenACommittedBackup_whenItIsFoundBySettling_thenItsFactsStandInTheStatusWhileItIsReadBack() {
        DatabaseBackupStatus status =
                settled(TaskResults.committed(SETTLE, VerificationLevel.NONE)).report();

        assertThat(status.phase()).isEqualTo(BackupPhase.VERIFYING);
        assertThat(status.sha256()).isEqualTo("ab".repeat(32));
        assertThat(status.completedAt()).isNull();
    }

    @Test
    void givenDamage_whenItIsReported_thenNothingCountsThatBackupAnyMore() {
        DatabaseBackupStatus status =
                read(TaskResults.aborted(VERIFY, Reason.VERIFICATION_FAILED)).report();

        assertThat(status.location()).isNull();
        assertThat(status.sha256()).isNull();
        assertThat(status.verified()).isNull();
        assertThat(status.failure().reason()).isEqualTo("VerificationFailed");
        assertThat(status.failure().logTail()).isNotEmpty();
    }

    @Test
    void givenACommittedBackupWithoutAPolicy_whenItIsReported_thenItIsStillABackup() {
        DatabaseBackupStatus status = reading(1).policy(null).at("2h").report();

        assertThat(status.phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(status.location()).isNotNull();
        assertThat(status.verified().level()).isEqualTo(VerificationLevel.NONE);
        assertThat(status.failure().message()).contains("can't be read back");
    }

    @Test
    void givenASettlingThatFailedForTheLastTime_whenItIsReported_thenTheMessageTellsWhereToLook() {
        DatabaseBackupStatus status = settling(6)
                .job(settleJob(1, 6).result(TaskResults.failed(SETTLE, Reason.STORAGE_UNREACHABLE)))
                .report();

        assertThat(status.failure().message())
                .contains(
                        "could not be settled",
                        "It went wrong.",
                        "s3://backups/prod/webshop/nightly/20260329T010000Z-b1c2d3e4-1/");
    }

    private static Situation settling(int settles) {
        return with(attempt(1).started("1m").settling(settles, "20m")).at("20m");
    }

    private static Situation settled(TaskResult result) {
        return settling(1).job(settleJob(1, 1).result(result)).at("22m");
    }

    private static Situation reading(int verifications) {
        return with(attempt(1).started("1m").verifying(verifications, "20m"))
                .committed(VerificationLevel.NONE)
                .at("20m");
    }

    private static Situation read(TaskResult result) {
        return reading(1).job(verifyJob(1, 1).result(result)).at("22m");
    }
}
