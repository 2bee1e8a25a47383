package dev.mainstay.runner.backup;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.storage.Stores;
import dev.mainstay.runner.task.Results;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import dev.mainstay.runner.task.TaskWork;

/** Removes the backup of an attempt that is over, since its object is deleted. May run any number of times. */
public final class RemoveTask implements TaskWork {

    @Override
    public TaskResult run(TaskContext context) {
        Task task = context.task();
        Stores stores = Stores.open(context);
        return new Removal(stores.patient(), task, context.clock())
                .removeFinished(task.path())
                .map(why -> Results.failed(
                        task.kind(),
                        new TaskFailure(
                                Reason.INTERNAL_ERROR,
                                stores.patient().describe(task.path() + Manifest.NAME) + why
                                        + ". Nothing was removed.")))
                .orElseGet(() -> Results.settled(task.kind()));
    }
}
