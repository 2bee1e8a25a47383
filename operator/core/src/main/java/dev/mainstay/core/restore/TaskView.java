package dev.mainstay.core.restore;

import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.restore.RestoreTaskState;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.backup.JobRefusal;
import dev.mainstay.core.backup.PodTrouble;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.restore.RestoreDecision.EndJob;
import dev.mainstay.core.restore.RestoreDecision.Watch;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskProgress;
import dev.mainstay.core.task.TaskResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where a task of a restore is: still to be done something about, or at its end. */
sealed interface TaskView {

    /** Something is to be done, or waited for. */
    record Working(RestoreDecision decision) implements TaskView {}

    /** A Job is to be made now. */
    record ToBeMade(String name, RestoreTaskState task) implements TaskView {}

    /** It has told what came of it. */
    record Ended(TaskResult result) implements TaskView {}

    /** It ended without a word, was told to end by somebody else, or never began. */
    record Lost(Failure why) implements TaskView {}

    /** How long to wait before a running task is looked at again. */
    Duration GLANCE = Duration.ofSeconds(5);

    /**
     * Looks.
     *
     * @param step the step that it is for
     * @param reason reason that is told while it runs
     * @param ending whether it is to end
     */
    static TaskView of(
            RestoreObservation observation,
            TaskKind kind,
            RestoreStepName step,
            Reason reason,
            boolean ending,
            Instant now) {
        RestoreRequest request = observation.request();
        RestoreTaskState task = RestoreClaims.status(request).task();
        if (task == null || !kind.text().equals(task.kind())) {
            return ending ? new Lost(cancelled()) : new Working(TaskRetry.first(kind, step, null, now));
        }
        String name = jobName(request, kind, task.number());
        JobObservation job = observation.jobs().get(name);
        if (job == null) {
            if (task.job() != null) {
                return new Lost(PodTrouble.withoutResult(what(kind), null));
            }
            if (ending) {
                return new Lost(cancelled());
            }
            return task.plannedAt() != null && now.isBefore(task.plannedAt())
                    ? new Working(new RestoreDecision.Rest(Duration.between(now, task.plannedAt())))
                    : new ToBeMade(name, task);
        }
        if (!job.ours()) {
            return new Lost(JobRefusal.foreign(job));
        }
        Optional<TaskResult> result = job.pod() == null
                ? Optional.empty()
                : TaskJson.readResult(job.pod().terminationMessage());
        if (result.isPresent()) {
            return ended(job, result.get());
        }
        if (job.dead(now)) {
            return lost(job, PodTrouble.withoutResult(what(kind), job));
        }
        RestoreTaskState seen =
                new RestoreTaskState(task.kind(), task.number(), task.lost(), job.name(), task.plannedAt());
        if (ending) {
            return new Working(
                    job.canBeEnded()
                            ? new EndJob(name)
                            : new Watch(
                                    step,
                                    seen,
                                    Reason.CANCELLED,
                                    "The restore is cancelled; Job " + name + " is about to end.",
                                    false,
                                    GLANCE));
        }
        if (job.pod() != null && job.pod().started()) {
            return new Working(new Watch(step, seen, reason, running(observation, kind, name), false, GLANCE));
        }
        boolean late = job.startBy() != null && now.isAfter(job.startBy().plus(JobObservation.CLOCK_SKEW));
        if (late) {
            return lost(job, PodTrouble.notStarted(job));
        }
        boolean known = job.pod() != null
                && (job.pod().unschedulable() != null || job.pod().waitingMessage() != null);
        return new Working(new Watch(
                step,
                seen,
                reason,
                known
                        ? PodTrouble.notStarted(job).message()
                        : "Job " + name + " was made; its container has not started yet.",
                known,
                GLANCE));
    }

    /** Whoever told it to end was not this restore, which looks at that before; and one that came too late did nothing. */
    private static TaskView ended(JobObservation job, TaskResult result) {
        Instant startedAt = job.pod().startedAt();
        boolean late = Reason.DEADLINE_EXCEEDED.text().equals(result.reason())
                && startedAt != null
                && job.startBy() != null
                && startedAt.isAfter(job.startBy());
        if (TaskRetry.toldToEnd(result)) {
            return new Lost(new Failure(
                    Reason.POD_FAILED.text(),
                    "Job " + job.name() + " was ended by somebody else, as when its node is drained: "
                            + RestoreSteps.failure(result).message(),
                    result.logTail()));
        }
        return late ? new Lost(RestoreSteps.failure(result)) : new Ended(result);
    }

    /** Before another Job takes its place, nothing of it may begin any more. */
    private static TaskView lost(JobObservation job, Failure why) {
        boolean over = job.pod() != null && job.pod().ended();
        return job.canBeEnded() && !over ? new Working(new EndJob(job.name())) : new Lost(why);
    }

    /** Name of the Job of a task. */
    static String jobName(RestoreRequest request, TaskKind kind, int number) {
        return Names.job(request.getMetadata().getName(), request.getMetadata().getUid(), number, kind, 1);
    }

    /** Name of the Job that is waited for; empty when none is. */
    static Optional<String> currentJob(RestoreRequest request) {
        RestoreTaskState task = RestoreClaims.status(request).task();
        return task == null
                ? Optional.empty()
                : List.of(TaskKind.values()).stream()
                        .filter(kind -> kind.text().equals(task.kind()))
                        .findFirst()
                        .map(kind -> jobName(request, kind, task.number()));
    }

    static Failure cancelled() {
        return new Failure(Reason.CANCELLED.text(), "It was cancelled.", List.of());
    }

    /** Whose Job it is, in the words of status.steps. */
    private static String what(TaskKind kind) {
        return switch (kind) {
            case RESTORE_PLAN -> "step Plan";
            case RESTORE_COPY -> "step RestoreCopy";
            case RESTORE_SWAP -> "step Swap";
            case RESTORE_INTO_EMPTY -> "step RestoreIntoEmpty";
            default -> "the look at how the databases stand";
        };
    }

    private static String running(RestoreObservation observation, TaskKind kind, String name) {
        TaskProgress progress = observation.progress();
        String what =
                switch (kind) {
                    case RESTORE_PLAN -> "looks at the backup and the server";
                    case RESTORE_COPY -> "restores the copy";
                    case RESTORE_INTO_EMPTY -> "restores into the database";
                    case RESTORE_SWAP -> "puts the copy in the place of the database";
                    default -> "makes sure how the databases stand";
                };
        return "Job " + name + " " + what + (progress == null ? "" : ": " + progress.percent() + " %") + ".";
    }
}
