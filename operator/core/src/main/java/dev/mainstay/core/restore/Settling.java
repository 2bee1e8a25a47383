package dev.mainstay.core.restore;

import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.restore.RestoreTaskState;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How far the databases of a restore that is given back are settled.
 *
 * @param decision what is to be done first; null when nothing is
 * @param known whether it is known which database is in place
 * @param left where it is known, the words for a copy that is left over, else why it is not; null when there is nothing to
 *     tell
 */
record Settling(RestoreDecision decision, boolean known, String left) {

    static final Settling NOTHING = new Settling(null, true, null);

    /** How often it is tried to drop a copy. */
    private static final int DROPS = 5;

    /** How long a Job may be refused that would only drop a copy. */
    private static final Duration REFUSED_FOR = Duration.ofMinutes(30);

    private static Settling first(RestoreDecision decision) {
        return new Settling(decision, false, null);
    }

    private static Settling givenUp(String why) {
        return new Settling(null, false, why.replaceFirst("\\.\\s*$", ""));
    }

    /** What finds it out. */
    static final class Course {

        private final RestoreObservation observation;
        private final RestoreRequestStatus before;
        private final TaskMaker tasks;
        private final boolean swapBegun;
        private final boolean mayGiveUp;
        private final Instant now;

        /**
         * Prepares it.
         *
         * @param ending why the restore is to end; empty when it is not
         * @param swapBegun whether a swap may have been made, or may have left the database closed: then nothing is given
         *     up for as long as anything can be done about it
         */
        Course(
                RestoreObservation observation,
                TaskMaker tasks,
                Optional<String> ending,
                boolean swapBegun,
                Instant now) {
            this.observation = observation;
            this.before = RestoreClaims.status(observation.request());
            this.tasks = tasks;
            this.swapBegun = swapBegun;
            this.mayGiveUp = !swapBegun || ending.isPresent();
            this.now = now;
        }

        Settling next() {
            TaskKind kind = TaskKind.RESTORE_SETTLE;
            return switch (TaskView.of(observation, kind, before.step(), Reason.GIVING_BACK, false, now)) {
                case TaskView.Working working
                when working.decision() instanceof RestoreDecision.Intend -> orGivenUp(working.decision());
                case TaskView.Working working -> first(working.decision());
                case TaskView.ToBeMade made -> make(made, kind);
                case TaskView.Lost lost -> again(lost.why());
                case TaskView.Ended ended -> ended(ended.result());
            };
        }

        private Settling orGivenUp(RestoreDecision decision) {
            return mayGiveUp && tasks.hindrance().isPresent()
                    ? givenUp(tasks.hindrance().get())
                    : first(decision);
        }

        private Settling make(TaskView.ToBeMade made, TaskKind kind) {
            return !swapBegun && isRefused(made.task().plannedAt())
                    ? givenUp("Job " + made.name() + " could not be made")
                    : orGivenUp(tasks.make(made, kind, swapBegun, now));
        }

        /** An operator that was away has not tried. */
        private boolean isRefused(Instant planned) {
            Instant watched = observation.watchedSince();
            Instant since = planned == null || watched != null && watched.isAfter(planned) ? watched : planned;
            return since != null && now.isAfter(since.plus(REFUSED_FOR));
        }

        private Settling again(Failure why) {
            RestoreTaskState task = before.task();
            if (swapBegun) {
                return orGivenUp(RestoreSteps.settleAgain(task, why, before.step(), now));
            }
            return task.number() < DROPS
                    ? orGivenUp(TaskRetry.later(task, before.step(), Reason.GIVING_BACK, false, why, now))
                    : givenUp(why.message());
        }

        private Settling ended(TaskResult result) {
            if (!RestoreSteps.succeeded(result)) {
                return again(RestoreSteps.failure(result));
            }
            RestoreReport.Swap swap = result.restore().swap();
            if (swap.state() == RestoreReport.State.SWAPPED) {
                return first(new RestoreDecision.Swapped(swap));
            }
            return new Settling(null, true, swap.leftOver());
        }
    }
}
