package dev.mainstay.core.restore;

import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestorePlan;
import dev.mainstay.api.restore.RestoreStep;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.restore.RestoreTaskState;
import dev.mainstay.api.status.Failure;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.claims.ClaimRequest;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.workload.ScaleChange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What is to be done about a RestoreRequest now. */
public sealed interface RestoreDecision {

    /** It has ended, or is not ours: nothing. */
    record LeaveAlone() implements RestoreDecision {}

    /** Somebody wrote at the same moment: decide again. */
    record LookAgain() implements RestoreDecision {}

    /** Nothing is to be done before that; what is waited for is told already. */
    record Rest(Duration next) implements RestoreDecision {}

    /** It waits for something that a person or another operation does. */
    record Wait(Reason reason, String message, boolean stuck) implements RestoreDecision {}

    /** Its uid is to be written on it, and its finalizer, before anything is done. */
    record Mark() implements RestoreDecision {}

    /**
     * It asks for what it claims.
     *
     * @param database name of the database in the application
     * @param before the step that needs it; null for the beginning
     */
    record TakeClaim(ClaimRequest request, String database, RestoreStepName before) implements RestoreDecision {}

    /** It was granted that; the step that needed it begins. */
    record Granted(HeldClaim claim, RestoreStepName before) implements RestoreDecision {}

    /** It waits for that. */
    record AwaitClaim(HeldClaim claim, String message) implements RestoreDecision {}

    /** What is to be restored was chosen, and stays so. */
    record Begin(RestorePlan plan, List<RestoreStepName> steps) implements RestoreDecision {}

    /**
     * A task is to be written down before its Job is made.
     *
     * @param stuck whether it does not come by itself
     * @param why what ended an earlier task, if that is why; else null
     */
    record Intend(
            RestoreTaskState task, RestoreStepName step, Reason reason, String message, boolean stuck, Failure why)
            implements RestoreDecision {}

    /** A Job is to be made. */
    record MakeJob(String name, Task task, Instant startBy) implements RestoreDecision {}

    /** A Job is to be ended: the restore was cancelled, or another Job takes its place. */
    record EndJob(String name) implements RestoreDecision {}

    /**
     * A step is waited for.
     *
     * @param task the task with what was seen of its Job
     * @param stuck whether it does not come by itself
     */
    record Watch(
            RestoreStepName step, RestoreTaskState task, Reason reason, String message, boolean stuck, Duration next)
            implements RestoreDecision {}

    /**
     * The plan stands.
     *
     * @param blocked what keeps the restore from beginning; null when nothing does
     */
    record Planned(RestoreReport.Facts facts, List<String> findings, Failure blocked) implements RestoreDecision {}

    /** The copy is restored and verified. */
    record Copied(RestoreReport.Copy copy) implements RestoreDecision {}

    /** The database in use is to be backed up. */
    record MakeBackup(DatabaseBackup backup) implements RestoreDecision {}

    /** A mode is to be made, whose page the Services lead to. */
    record MakeMode(MaintenanceMode mode) implements RestoreDecision {}

    /** The mode is to be ended. */
    record EndMode(MaintenanceMode mode, RestoreStepName step) implements RestoreDecision {}

    /** What workloads have is to be written down before they are stopped. */
    record SaveWorkloads(List<StoppedWorkload> lines) implements RestoreDecision {}

    /**
     * Workloads are to be stopped, or given back what they had.
     *
     * @param stops whether they are to be stopped
     * @param lines what is known of all of them afterwards
     */
    record ChangeWorkloads(
            RestoreStepName step, boolean stops, List<ScaleChange> changes, List<StoppedWorkload> lines, String message)
            implements RestoreDecision {

        /** Whether somebody has started them again, while another step is at work. */
        public boolean stopsAgain() {
            return stops && step != RestoreStepName.STOP_WORKLOADS;
        }
    }

    /** The copy has taken its place. */
    record Swapped(RestoreReport.Swap swap) implements RestoreDecision {}

    /** A step is done. */
    record Done(RestoreStepName step, String message) implements RestoreDecision {}

    /** A step is not needed. */
    record Skip(RestoreStepName step, String message) implements RestoreDecision {}

    /** The application did not become healthy; the rest is given back all the same. */
    record Unhealthy(Failure why) implements RestoreDecision {}

    /** The page could not be taken away; it is told what is left to be done by hand. */
    record NotLeft(Failure why) implements RestoreDecision {

        /** Why the restore is not whole, where that the application is not healthy came before. */
        Failure after(Failure unhealthy) {
            return unhealthy == null
                    ? why
                    : new Failure(unhealthy.reason(), unhealthy.message() + " " + why.message(), unhealthy.logTail());
        }
    }

    /**
     * It has failed, or was cancelled: what was changed is to be given back.
     *
     * @param swapUntouched whether it is certain that no swap has begun, whatever its step says
     */
    record Fail(Failure why, boolean swapUntouched) implements RestoreDecision {

        Fail(Failure why) {
            this(why, false);
        }
    }

    /**
     * It is over.
     *
     * @param givenBack what became of the page and the workloads of one that has failed: the lines of the steps that would have
     *     done that
     */
    record End(RestoreOutcome outcome, Reason reason, String message, Failure failure, List<RestoreStep> givenBack)
            implements RestoreDecision {

        End(RestoreOutcome outcome, Reason reason, String message, Failure failure) {
            this(outcome, reason, message, failure, List.of());
        }

        End(RestoreOutcome outcome, Reason reason, String message) {
            this(outcome, reason, message, null);
        }
    }

    /** It is over, and the database that it has kept is not kept any more. */
    record NotKept(Reason reason, String message) implements RestoreDecision {}

    /** When to look again at the latest, if nothing wakes it before. */
    default Duration lookAgain() {
        return switch (this) {
            case LeaveAlone ignored -> Duration.ofMinutes(10);
            case Wait ignored -> Duration.ofSeconds(30);
            case AwaitClaim ignored -> Duration.ofSeconds(10);
            case Watch watch -> watch.next();
            case Rest rest -> rest.next();
            case End ignored -> Duration.ofMillis(200);
            case LookAgain ignored -> Duration.ofMillis(200);
            default -> Duration.ofSeconds(1);
        };
    }
}
