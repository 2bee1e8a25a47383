package dev.mainstay.runner.task;

import dev.mainstay.core.task.TaskResult;

/** The work of one kind of task. */
public interface TaskWork {

    /** Does it. May throw a {@link TaskFailure} when it could not do it at all. */
    TaskResult run(TaskContext context);
}
