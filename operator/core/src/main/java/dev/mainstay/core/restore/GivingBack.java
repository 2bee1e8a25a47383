package dev.mainstay.core.restore;

import dev.mainstay.api.backup.Failure;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.restore.RestoreStepState;
import dev.mainstay.api.restore.RestoreTaskState;
import dev.mainstay.core.restore.RestoreDecision.End;
import dev.mainstay.core.restore.RestoreDecision.Watch;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.TaskKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A restore that has failed or was cancelled: how the databases stand is made sure of first, then everything comes back as it
 * was, in the order in which nobody sees half of it.
 */
final class GivingBack {

    private static final Duration GLANCE = Duration.ofSeconds(2);

    private final RestoreObservation observation;
    private final RestoreRequest request;
    private final RestoreRequestStatus before;
    private final TaskMaker tasks;
    private final Instant now;

    GivingBack(RestoreObservation observation, TaskMaker tasks, Instant now) {
        this.observation = observation;
        this.request = observation.request();
        this.before = RestoreClaims.status(request);
        this.tasks = tasks;
        this.now = now;
    }

    RestoreDecision decide() {
        if (touched()) {
            RestoreTaskState task = before.task();
            switch (TaskView.of(observation, TaskKind.RESTORE_SETTLE, before.step(), Reason.GIVING_BACK, false, now)) {
                case TaskView.Working working -> {
                    return working.decision();
                }
                case TaskView.ToBeMade made -> {
                    return tasks.make(made, TaskKind.RESTORE_SETTLE, begun(RestoreStepName.SWAP), now);
                }
                case TaskView.Lost lost -> {
                    return RestoreSteps.settleAgain(task, lost.why(), before.step(), now);
                }
                case TaskView.Ended ended -> {
                    if (!RestoreSteps.succeeded(ended.result())) {
                        return RestoreSteps.settleAgain(task, RestoreSteps.failure(ended.result()), before.step(), now);
                    }
                    RestoreReport.Swap swap = ended.result().restore().swap();
                    if (swap.state() == RestoreReport.State.SWAPPED) {
                        return new RestoreDecision.Swapped(swap);
                    }
                }
            }
        }
        Optional<RestoreDecision> owed = new RestoreWorkloads(observation).giveBack(before.step(), Reason.GIVING_BACK);
        if (owed.isPresent()) {
            return owed.get();
        }
        MaintenanceMode mode = observation.mode();
        if (mode != null && RestoreMaintenance.isOurs(request, mode)) {
            return mode.getMetadata().getDeletionTimestamp() == null
                    ? new RestoreDecision.EndMode(mode, before.step())
                    : new Watch(
                            before.step(),
                            before.task(),
                            Reason.GIVING_BACK,
                            before.failure().message() + " MaintenanceMode "
                                    + mode.getMetadata().getName() + ": " + RestoreMaintenance.told(mode),
                            false,
                            GLANCE);
        }
        return end();
    }

    /** Whether a task has begun that may have left something behind. */
    private boolean touched() {
        return begun(RestoreStepName.RESTORE_COPY) || begun(RestoreStepName.SWAP);
    }

    private boolean begun(RestoreStepName name) {
        return before.step(name)
                .filter(step -> step.state() == RestoreStepState.RUNNING
                        || step.state() == RestoreStepState.DONE
                        || step.state() == RestoreStepState.FAILED)
                .isPresent();
    }

    private RestoreDecision end() {
        Failure failure = before.failure();
        Reason reason = Reason.of(failure.reason()).orElse(Reason.RESTORE_FAILED);
        boolean planOnly =
                !touched() && !begun(RestoreStepName.ENTER_MAINTENANCE) && !begun(RestoreStepName.STOP_WORKLOADS);
        RestoreOutcome outcome = reason == Reason.CANCELLED
                ? RestoreOutcome.CANCELLED
                : planOnly ? RestoreOutcome.BLOCKED : RestoreOutcome.FAILED;
        return new End(
                outcome,
                reason,
                failure.message() + " " + (planOnly ? "Nothing was changed." : RestoreWords.untouched(before.plan())),
                failure);
    }
}
