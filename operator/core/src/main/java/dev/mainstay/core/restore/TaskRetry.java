package dev.mainstay.core.restore;

import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.restore.RestoreTaskState;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.restore.RestoreDecision.Intend;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How a task of a restore is begun again that did not come to its end. */
final class TaskRetry {

    /** How often a task is tried that is lost each time. */
    static final int TRIES = 3;

    private static final Duration FIRST_DELAY = Duration.ofSeconds(15);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(2);

    private TaskRetry() {}

    /** Whether a task was told to end, by whoever. */
    static boolean toldToEnd(TaskResult result) {
        return result.outcome() != Outcome.COMMITTED && Reason.CANCELLED.text().equals(result.reason());
    }

    /** Whether a task has done nothing, since another session of the server has the database. */
    static boolean keptOut(TaskResult result) {
        return result.outcome() != Outcome.COMMITTED
                && Reason.ANOTHER_RUNNER.text().equals(result.reason());
    }

    /** A task for the first time. */
    static Intend first(TaskKind kind, RestoreStepName step, Failure why, Instant now) {
        return new Intend(
                new RestoreTaskState(kind.text(), 1, 0, null, now.truncatedTo(ChronoUnit.SECONDS)),
                step,
                Reason.IN_PROGRESS,
                (why == null ? "" : why.message() + " ") + "It is about to start.",
                false,
                why);
    }

    /** The same once more, at once, after it was lost. */
    static Intend lost(RestoreTaskState task, RestoreStepName step, Failure why, Instant now) {
        int number = task.number() + 1;
        return new Intend(
                new RestoreTaskState(task.kind(), number, task.lost() + 1, null, now.truncatedTo(ChronoUnit.SECONDS)),
                step,
                Reason.IN_PROGRESS,
                why.message() + " Try " + number + " is about to start.",
                false,
                why);
    }

    /** The same once more, after a while that is the longer the more often it was tried. */
    static Intend later(
            RestoreTaskState task, RestoreStepName step, Reason reason, boolean stuck, Failure why, Instant now) {
        Instant due = now.plus(delay(task.number())).truncatedTo(ChronoUnit.SECONDS);
        return new Intend(
                new RestoreTaskState(task.kind(), task.number() + 1, task.lost(), null, due),
                step,
                reason,
                why.message() + " Try " + (task.number() + 1) + " starts at " + due + ".",
                stuck,
                null);
    }

    /** The wait after that many tries. */
    static Duration delay(int tries) {
        Duration delay = FIRST_DELAY;
        for (int i = 1; i < tries && delay.compareTo(LONGEST_DELAY) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY;
    }
}
