package dev.mainstay.core.backup;

import static dev.mainstay.core.backup.AttemptBuilder.attempt;
import static dev.mainstay.core.backup.JobBuilder.backupJob;
import static dev.mainstay.core.backup.JobBuilder.settleJob;
import static dev.mainstay.core.backup.JobBuilder.verifyJob;
import static dev.mainstay.core.backup.Row.row;
import static dev.mainstay.core.backup.Situation.fresh;
import static dev.mainstay.core.backup.Situation.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskKind;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A backup that is cancelled, at each point of its life. */
class BackupCancelTest {

    static Stream<Row> rows() {
        return Stream.of(
                row("a backup that was just made", fresh(), "fail: Cancelled"),
                row("one that waits for its policy", fresh().policy(null), "fail: Cancelled"),
                row("one that is paused", fresh().paused("migration"), "fail: Cancelled"),
                row("a planned attempt without a Job", with(attempt(1)), "give up attempt 1: Cancelled"),
                row(
                        "an attempt whose Job is gone: it may have written anything",
                        running(),
                        "write down attempt 1, settling 1"),
                row(
                        "a Job whose Pod waits",
                        with(attempt(1).seen()).job(backupJob(1).pending()),
                        "end the Job"),
                row("a Job that runs", running().job(backupJob(1).running()), "end the Job"),
                row(
                        "a Job that was told to end",
                        running().job(backupJob(1).running().ending()),
                        "watch attempt 1: Cancelled"),
                row(
                        "a Pod that says that it was stopped",
                        running()
                                .job(backupJob(1)
                                        .result(TaskResults.aborted(TaskKind.BACKUP, Reason.CANCELLED))
                                        .ending()),
                        "give up attempt 1: Cancelled"),
                row(
                        "a Pod that was done before",
                        running()
                                .job(backupJob(1)
                                        .result(TaskResults.committed(TaskKind.BACKUP, VerificationLevel.FULL_READ))
                                        .ending()),
                        "succeed, proven by FullRead"),
                row(
                        "a Pod that said nothing",
                        running().job(backupJob(1).dead("Error (exit code 137)").ending()),
                        "write down attempt 1, settling 1"),
                row(
                        "an attempt that is to be settled: it is, or its path would stay in doubt",
                        with(attempt(1).started("1m").settling(1, "2m")),
                        "make the settle Job of attempt 1, settling 1"),
                row(
                        "one that is settled as committed",
                        with(attempt(1).started("1m").settling(1, "2m"))
                                .job(settleJob(1, 1)
                                        .result(TaskResults.committed(TaskKind.SETTLE, VerificationLevel.NONE))),
                        "note the facts, attempt 1, verification 1"),
                row(
                        "a committed one that was to be read back",
                        with(attempt(1).started("1m").verifying(1, "2m")).committed(VerificationLevel.NONE),
                        "succeed, as far as the status knows, not further: Cancelled"),
                row(
                        "a committed one that is being read back",
                        with(attempt(1).started("1m").verifying(1, "2m"))
                                .committed(VerificationLevel.NONE)
                                .job(verifyJob(1, 1).running()),
                        "end the Job"),
                row(
                        "a failed attempt before the next",
                        with(attempt(1).started("1m").failed(Reason.CONNECTION_FAILED, "2m")),
                        "fail: Cancelled"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void givenACancelledBackup_whenItIsDecided_thenOneStepFollows(Row row) {
        row.situation().at("3m").cancelled("wrong database");
        row.check();
    }

    @Test
    void givenAReason_whenItIsTold_thenItIsQuoted() {
        assertThat(fresh().cancelled("wrong database").report().failure().message())
                .isEqualTo("It was cancelled by its annotation mainstay.dev/cancel: \"wrong database\"."
                        + " To have a backup after all, create another one.");
        assertThat(fresh().cancelled("true").report().failure().message())
                .startsWith("It was cancelled by its annotation mainstay.dev/cancel. ");
    }

    @Test
    void givenAJobThatWasNeverSeen_whenTheBackupIsCancelled_thenItIsAskedForAfresh() {
        assertThat(with(attempt(1)).cancelled("true").doubt()).isPresent();
        assertThat(with(attempt(1)).doubt()).isEmpty();
    }

    @Test
    void givenAPodThatSaidNothing_whenTheBackupWasCancelled_thenTheAttemptSaysSo() {
        assertThat(running()
                        .job(backupJob(1).dead("Error (exit code 137)").ending())
                        .cancelled("true")
                        .report()
                        .attempts()
                        .getFirst()
                        .reason())
                .isEqualTo("Cancelled");
    }

    @ParameterizedTest
    @EnumSource(names = {"SUCCEEDED", "FAILED", "SKIPPED", "EXPIRED"})
    void givenAFinishedBackup_whenItIsCancelled_thenAConditionSaysThatNothingWas(BackupPhase phase) {
        Situation situation = ended(phase).cancelled("wrong database");

        DatabaseBackupStatus told = situation.report();

        Condition cancelled =
                Conditions.find(told.conditions(), BackupReport.CANCELLED).orElseThrow();
        assertThat(cancelled.status()).isEqualTo(ConditionStatus.FALSE);
        assertThat(cancelled.reason()).isEqualTo("AlreadyFinished");
        assertThat(cancelled.message())
                .startsWith("The annotation mainstay.dev/cancel changes nothing: the backup had ended before. ")
                .contains(phase == BackupPhase.SUCCEEDED ? "deletionPolicy is Delete" : "Remove the annotation");
        assertThat(told.conditions().size())
                .isEqualTo(situation.observed().conditions().size() + 1);
        assertThat(told.phase()).isEqualTo(phase);
        assertThat(situation.conditions(told.conditions()).at("1h").report())
                .as("told once, nothing is written again")
                .isEqualTo(situation.observed());
    }

    @Test
    void givenAFinishedBackup_whenItsAnnotationIsTakenBack_thenTheConditionGoes() {
        List<Condition> told =
                ended(BackupPhase.SUCCEEDED).cancelled("true").report().conditions();

        assertThat(ended(BackupPhase.SUCCEEDED).conditions(told).report().conditions())
                .isEqualTo(ended(BackupPhase.SUCCEEDED).observed().conditions());
    }

    @Test
    void givenABackupThatWasCancelledInTime_whenItIsFinished_thenNothingMoreIsTold() {
        Situation situation = ended(BackupPhase.FAILED)
                .failure(new Failure("Cancelled", "It was cancelled.", List.of()))
                .cancelled("true");

        assertThat(situation.report()).isEqualTo(situation.observed());
    }

    private static Situation ended(BackupPhase phase) {
        return with(attempt(1).started("1m").succeeded("2m")).phase(phase).told(Reason.SUCCEEDED);
    }

    private static Situation running() {
        return with(attempt(1).started("1m"));
    }
}
