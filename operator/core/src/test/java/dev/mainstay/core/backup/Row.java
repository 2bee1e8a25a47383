package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.task.TaskResult.CommittedBackup;

/**
 * A line of a table: a situation, and the step that must follow, in the short form that {@link #told} gives.
 *
 * @param given what is special about the situation
 * @param situation the situation
 * @param then the step
 */
record Row(String given, Situation situation, String then) {

    static Row row(String given, Situation situation, String then) {
        return new Row(given, situation, then);
    }

    void check() {
        assertThat(told(situation.decide())).as(given).isEqualTo(then);
    }

    /** How JUnit names the line. */
    @Override
    public String toString() {
        return "given " + given + ", then " + then;
    }

    private static String told(BackupDecision decision) {
        return switch (decision) {
            case BackupDecision.Finished ignored -> "nothing, for ever";
            case BackupDecision.LeaveAlone ignored -> "leave alone";
            case BackupDecision.AwaitStatus ignored -> "await its status";
            case BackupDecision.Stuck stuck -> "stuck: " + stuck.reason().text();
            case BackupDecision.Wait wait -> "wait: " + wait.reason().text();
            case BackupDecision.Intend intend -> "write down " + told(intend.attempt());
            case BackupDecision.MakeJob make ->
                "make the " + make.task().kind().text() + " Job of " + told(make.attempt());
            case BackupDecision.Watch watch ->
                "watch " + told(watch.attempt()) + ": " + watch.reason().text();
            case BackupDecision.Commit commit -> "note the facts, " + told(commit.attempt());
            case BackupDecision.GiveUpAttempt given ->
                "give up " + told(given.attempt()) + ": " + given.failure().reason();
            case BackupDecision.EndJob ignored -> "end the Job";
            case BackupDecision.Succeed succeed -> "succeed, " + proven(succeed.committed(), succeed.unproven());
            case BackupDecision.Expire expire -> "let " + expire.gone().size() + " others expire";
            case BackupDecision.Skip skip -> "skip: " + skip.why().reason();
            case BackupDecision.TakeClaim take ->
                "claim " + take.request().claims().getFirst() + ", then "
                        + told(take.then().attempt());
            case BackupDecision.Begin begin -> "begin " + told(begin.intend().attempt());
            case BackupDecision.AwaitClaim await ->
                "wait for " + await.claim().waitingFor().name();
            case BackupDecision.LookAgain ignored -> "look again";
            case BackupDecision.Fail fail -> "fail: " + fail.failure().reason();
        };
    }

    private static String told(Attempt attempt) {
        String text = "attempt " + attempt.number();
        return switch (attempt.state()) {
            case SETTLING -> text + ", settling " + attempt.followUps().settles();
            case VERIFYING -> text + ", verification " + attempt.followUps().verifications();
            default -> text;
        };
    }

    private static String proven(CommittedBackup committed, Failure unproven) {
        String level = committed == null
                ? "as far as the status knows"
                : "proven by " + committed.verified().text();
        return unproven == null ? level : level + ", not further: " + unproven.reason();
    }
}
