package dev.mainstay.core.backup;

import static dev.mainstay.core.backup.AttemptBuilder.attempt;
import static dev.mainstay.core.backup.JobBuilder.backupJob;
import static dev.mainstay.core.backup.Row.row;
import static dev.mainstay.core.backup.Situation.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.ChecksumMode;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** After an attempt that failed. */
class BackupDeciderRetryTest {

    static Stream<Row> rows() {
        return Stream.of(
                row("the first failure, 5 minutes not over", once().at("14m59s"), "wait: Retrying"),
                row("the first failure, 5 minutes over", once().at("15m"), "write down attempt 2"),
                row("the second failure, 10 minutes not over", twice().at("39m59s"), "wait: Retrying"),
                row("the second failure, 10 minutes over", twice().at("40m"), "write down attempt 3"),
                row("the third failure: two retries were allowed", thrice(), "fail: ConnectionFailed"),
                row(
                        "a policy that allows none",
                        once().policy(Shop.policy(
                                Shop.s3("backups", ChecksumMode.AUTO), VerificationLevel.FULL_READ, 0)),
                        "fail: ConnectionFailed"),
                row(
                        "a policy edited to allow more",
                        thrice().policy(Shop.policy(
                                        Shop.s3("backups", ChecksumMode.AUTO), VerificationLevel.FULL_READ, 10))
                                .at("2h"),
                        "write down attempt 4"),
                row(
                        "a failure that stays",
                        with(attempt(1).started("1m").failed(Reason.AUTHENTICATION_FAILED, "10m")),
                        "fail: AuthenticationFailed"),
                row(
                        "a policy that is gone: it may come back",
                        once().policy(null).at("15m"),
                        "stuck: PolicyNotFound"),
                row("a policy that is gone for an hour", once().policy(null).at("61m"), "fail: PolicyNotFound"),
                row("a pause", once().paused("migration").at("15m"), "wait: Paused"),
                row("a full house", once().places(20, 0).at("15m"), "wait: ConcurrencyLimit"),
                row("a Pod that still waits", unschedulable(backupJob(1).unschedulable("0/3 nodes")), "end the Job"),
                row("a Job whose Pod never came", unschedulable(backupJob(1)), "end the Job"),
                row(
                        "a Pod that started in the end: its runner says that it is late",
                        unschedulable(backupJob(1).running()),
                        "wait: Retrying"),
                row("a Job that is being removed", unschedulable(backupJob(1).deleting()), "wait: Retrying"),
                row("a Job that ended", unschedulable(backupJob(1).finished("DeadlineExceeded, …")), "wait: Retrying"),
                row("a foreign Job", unschedulable(backupJob(1).foreign()), "wait: Retrying"),
                row(
                        "a failed Job that ran: it can be looked at for a day",
                        once().job(backupJob(1).dead("Error (exit code 1)")).at("12m"),
                        "wait: Retrying"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void givenASituation_whenItIsDecided_thenOneStepFollows(Row row) {
        row.check();
    }

    @Test
    void givenAFailedAttempt_whenTheNextIsPlanned_thenItHasAPathOfItsOwnAndTheFirstIsUntouched() {
        Situation situation = once().at("15m");
        List<Attempt> attempts = situation.report().attempts();

        assertThat(attempts)
                .hasSize(2)
                .startsWith(situation.observed().attempts().getFirst());
        assertThat(attempts.getLast().path())
                .isEqualTo("s3://backups/prod/webshop/nightly/20260329T010000Z-b1c2d3e4-2/");
        assertThat(attempts.getLast().plannedAt()).isEqualTo(Shop.at("15m"));
    }

    @Test
    void givenAWait_whenItIsReported_thenTheMessageTellsWhyAndWhenItGoesOn() {
        Condition ready =
                Conditions.find(once().at("12m").report().conditions(), "Ready").orElseThrow();

        assertThat(ready.message())
                .isEqualTo("Attempt 1 failed (ConnectionFailed): It went wrong. The next one starts at"
                        + " 2026-03-29T01:15:00Z.");
    }

    @Test
    void givenTheLastFailure_whenItIsReported_thenTheObjectIsFinishedWithItsReasonAndLog() {
        DatabaseBackupStatus status = thrice().failure(
                        new Failure("ConnectionFailed", "It went wrong.", List.of("the last line")))
                .report();

        assertThat(status.phase()).isEqualTo(BackupPhase.FAILED);
        assertThat(status.failure())
                .isEqualTo(new Failure(
                        "ConnectionFailed",
                        "It went wrong. That was attempt 3, the last one. Once this is mended, create another DatabaseBackup.",
                        List.of("the last line")));
        assertThat(status.conditions())
                .extracting(condition -> condition.type() + "=" + condition.status() + " " + condition.reason())
                .containsExactly(
                        "Finished=TRUE ConnectionFailed",
                        "Ready=FALSE ConnectionFailed",
                        "Stalled=TRUE ConnectionFailed",
                        "Succeeded=FALSE ConnectionFailed");
    }

    private static Situation once() {
        return with(attempt(1).started("1m").failed(Reason.CONNECTION_FAILED, "10m"))
                .at("10m");
    }

    private static Situation twice() {
        return with(
                        attempt(1).started("1m").failed(Reason.CONNECTION_FAILED, "10m"),
                        attempt(2).started("16m").failed(Reason.CONNECTION_FAILED, "30m"))
                .at("30m");
    }

    private static Situation thrice() {
        return with(
                        attempt(1).started("1m").failed(Reason.CONNECTION_FAILED, "10m"),
                        attempt(2).started("16m").failed(Reason.CONNECTION_FAILED, "30m"),
                        attempt(3).started("41m").failed(Reason.CONNECTION_FAILED, "50m"))
                .at("50m");
    }

    private static Situation unschedulable(JobBuilder job) {
        return with(attempt(1).seen().failed(Reason.UNSCHEDULABLE, "11m"))
                .job(job)
                .at("12m");
    }
}
