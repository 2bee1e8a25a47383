package dev.mainstay.runner.restore;

import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskWork;
import java.time.Duration;

/**
 * Finds out how an interrupted restore stands. When the copy has not taken the place, the database is opened again and the
 * copy is dropped; a kept one never is. May run any number of times.
 */
public final class RestoreSettleTask implements TaskWork {

    @Override
    public TaskResult run(TaskContext context) {
        RestoreTime.check(context);
        Task task = context.task();
        DatabaseAccess access = DatabaseAccess.of(task.database(), context.secrets());
        Duration patience = context.settings().databaseLockWait();
        try (ServerSession server = ServerSession.open(access, access.target().adminDatabase(), context.stop())) {
            server.lockAlone(task.database().database(), patience);
            server.lockAlone(task.restore().copy(), patience);
            Databases databases = new Databases(server);
            Settling settling = new Settling(server, task);
            Standing standing = settling.standing();
            if (!standing.swapped()) {
                if (task.restore().fenceMayStand()) {
                    settling.open(standing);
                }
                if (!task.restore().copyIsKept()) {
                    databases.dropOwnCopy(task);
                }
            }
            return standing.result(task, databases);
        }
    }
}
