package dev.mainstay.core.runbook;

import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.runbook.FormerPod;
import dev.mainstay.api.runbook.FrozenRunbook;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunReport;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.RunbookSpec;
import dev.mainstay.api.runbook.SavedChange;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.claims.Claim;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What is to be done about a MaintenanceRun now. */
public sealed interface RunDecision {

    /** It has ended, goes, or is not ours: nothing. */
    record LeaveAlone() implements RunDecision {}

    /** Somebody wrote at the same moment: decide again. */
    record LookAgain() implements RunDecision {}

    /** It waits for something that a person does. */
    record Wait(Reason reason, String message, boolean stuck) implements RunDecision {}

    /** The steps are to be kept as they stand. */
    record Freeze(RunbookSpec spec) implements RunDecision {}

    /** They are kept, and the run begins. */
    record Begin(FrozenRunbook runbook, List<RunStep> steps) implements RunDecision {}

    /** A person is waited for. */
    record AskPerson(String step, String message, Duration next) implements RunDecision {}

    /** A person has approved the step, or said that it is done. */
    record Approved(String step, String user) implements RunDecision {}

    /** An attempt begins; what it does is done when that is written down. */
    record Try(String step) implements RunDecision {}

    /** What the attempt does is to be done. */
    record Act(StepTurn turn) implements RunDecision {}

    /** Its finalizer is to be written on it before anything is changed. */
    record Mark() implements RunDecision {}

    /** Nothing is owed any more, and its finalizer is to be taken away. */
    record Unmark() implements RunDecision {}

    /** What the step needs for itself is to be asked for: others may work on it. */
    record TakeClaim(String step, List<Claim> needed) implements RunDecision {}

    /** Others work on it, and the step waits for its turn. */
    record AwaitClaim(String step, HeldClaim claim, String message) implements RunDecision {}

    /** It has what it needs for itself; how that stands is to be read after this, not before. */
    record Claimed(String step, HeldClaim claim) implements RunDecision {}

    /** It works on the workloads no more, and does not wait for them. */
    record LetGo() implements RunDecision {}

    /**
     * What the step changes is to be written down before it is changed.
     *
     * @param claimed whether nobody else may work on the workloads meanwhile
     */
    record Save(String step, SavedChange change, boolean claimed) implements RunDecision {}

    /** The Pods that are there are to be written down before the first one is evicted. */
    record Remember(String step, List<FormerPod> pods) implements RunDecision {}

    /** What was written down is to be changed. */
    record Change(StepTurn turn) implements RunDecision {}

    /** What was changed is to be given back. */
    record GiveBack(Owed owed) implements RunDecision {}

    /** Nothing that the step has changed is owed any more. */
    record GivenBack(String step, String note) implements RunDecision {}

    /** The attempt is waited for. */
    record Watch(String step, String message) implements RunDecision {}

    /**
     * An attempt has failed, and another one follows.
     *
     * @param left the attempt, if it is to be ended; else null
     */
    record Retry(String step, StepResult result, Instant at, StepTurn left) implements RunDecision {}

    /** The next attempt is waited for. */
    record Rest(String step, String message, Duration next) implements RunDecision {}

    /**
     * A step has ended.
     *
     * @param stops whether the run stops with it
     * @param left the attempt, if it is to be ended; else null
     */
    record Finish(String step, StepResult result, boolean stops, StepTurn left) implements RunDecision {}

    /**
     * The steps that are left, but those of finally, are not done.
     *
     * @param steps their names
     * @param left the attempt that was under way; null when none was
     */
    record Stop(Failure why, List<String> steps, StepTurn left) implements RunDecision {}

    /**
     * It is over.
     *
     * @param steps the steps as they stand then; null for no change
     * @param report what it came to in short; null until it is known
     */
    record End(RunOutcome outcome, Reason reason, String message, List<RunStep> steps, RunReport report)
            implements RunDecision {

        /** It is over; the report comes later. */
        End(RunOutcome outcome, Reason reason, String message, List<RunStep> steps) {
            this(outcome, reason, message, steps, null);
        }

        End with(RunReport told) {
            return new End(outcome, reason, message, steps, told);
        }
    }

    /**
     * It is finished, and its whole report is to be kept in a ConfigMap.
     *
     * @param name name of the ConfigMap
     * @param data its content
     */
    record KeepReport(String name, Map<String, String> data) implements RunDecision {}

    /** Its whole report is kept, or could not be. */
    record ReportTold(RunReport report) implements RunDecision {}

    /** When to look again at the latest, if nothing wakes it before. */
    default Duration lookAgain() {
        return switch (this) {
            case LeaveAlone ignored -> Duration.ofMinutes(10);
            case LookAgain ignored -> Duration.ofMillis(200);
            case Wait ignored -> Duration.ofSeconds(30);
            case AskPerson ask -> clamp(ask.next());
            // Neither wakes the run: it is not told of them in its status.
            case Mark ignored -> Duration.ofMillis(200);
            case Unmark ignored -> Duration.ofMillis(200);
            case GiveBack ignored -> Duration.ofMillis(200);
            case AwaitClaim ignored -> Duration.ofSeconds(2);
            case Watch ignored -> Duration.ofSeconds(5);
            case Rest rest -> clamp(rest.next());
            case End ignored -> Duration.ofSeconds(1);
            case ReportTold told -> told.report().problem() == null ? Duration.ofMinutes(10) : Duration.ofMinutes(1);
            default -> Duration.ofSeconds(1);
        };
    }

    private static Duration clamp(Duration duration) {
        Duration longest = Duration.ofMinutes(1);
        Duration shortest = Duration.ofMillis(200);
        return duration.compareTo(longest) > 0 ? longest : duration.compareTo(shortest) < 0 ? shortest : duration;
    }
}
