package dev.mainstay.runner.restore;

import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.RestoreReport.State;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskWork;
import java.time.Duration;

/**
 * Finds out how an interrupted restore stands. When the copy has not taken the place, the database is opened again and the
 * copy is dropped; a kept one never is. One that can't be dropped is told, and keeps nobody from going on. May run any number
 * of times.
 */
public final class RestoreSettleTask implements TaskWork {

    @Override
    public TaskResult run(TaskContext context) {
        RestoreTime.check(context);
        Task task = context.task();
        DatabaseAccess access = DatabaseAccess.of(task.database(), context.secrets());
        Duration patience = context.settings().databaseLockWait();
        try (ServerSession server = ServerSession.open(access, access.target().adminDatabase(), context.stop())) {
            if (task.restore().fenceMayStand()) {
                server.lockAlone(task.database().database(), patience);
            } else {
                // The database itself has not been touched: whoever reads it may go on.
                server.lockShared(task.database().database(), patience);
            }
            Databases databases = new Databases(server);
            if (task.restore().intoEmpty()) {
                return new FilledOrNot(context, access, server).look();
            }
            server.lockAlone(task.restore().copy(), patience);
            Settling settling = new Settling(server, task);
            Standing standing = settling.standing();
            if (standing.swapped()) {
                return standing.result(task, databases);
            }
            if (task.restore().fenceMayStand()) {
                settling.open(standing);
            }
            String leftOver = task.restore().copyIsKept() ? null : settling.dropCopy();
            return TaskResult.of(
                    task.kind(),
                    new RestoreReport(
                            null,
                            null,
                            new RestoreReport.Swap(State.NOT_SWAPPED, null, null, null, false, null, leftOver)));
        }
    }
}
