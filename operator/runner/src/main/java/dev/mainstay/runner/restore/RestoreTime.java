package dev.mainstay.runner.restore;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;

/** Whether a task of a restore is begun in time: by then the operator may have given the restore up. */
final class RestoreTime {

    private RestoreTime() {}

    /** Throws a TaskFailure of DeadlineExceeded when the container started too late. */
    static void check(TaskContext context) {
        Task task = context.task();
        // Not the time of now: the operator, too, looks at when the container started.
        if (task.startBy() != null && context.startedAt().isAfter(task.startBy())) {
            throw new TaskFailure(
                    Reason.DEADLINE_EXCEEDED,
                    OrderWords.object(task) + ": the container started at " + context.startedAt()
                            + ", and was to start by " + task.startBy()
                            + ". Nothing was touched. Find out what the Pod waited for.");
        }
    }
}
