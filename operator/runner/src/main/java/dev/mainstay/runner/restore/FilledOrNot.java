package dev.mainstay.runner.restore;

import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.RestoreReport.State;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.restore.Databases.Found;
import dev.mainstay.runner.task.TaskContext;
import java.util.Optional;

/** Whether an interrupted restore into an empty database was committed; and if not, what the database holds. */
final class FilledOrNot {

    private final TaskContext context;
    private final Task task;
    private final DatabaseAccess access;
    private final ServerSession server;

    FilledOrNot(TaskContext context, DatabaseAccess access, ServerSession server) {
        this.context = context;
        this.task = context.task();
        this.access = access;
        this.server = server;
    }

    TaskResult look() {
        String name = task.database().database();
        Optional<Found> found = new Databases(server).find(name);
        if (found.isEmpty()) {
            return told(
                    State.NOT_SWAPPED, "Database " + name + " does not exist any more; this restore never drops it.");
        }
        RestoringSession.end(context, server, found.get());
        // What came before it was ended counts, so it is asked again.
        Found now = new Databases(server).find(name).orElse(found.get());
        return now.isOf(task.restore().mark())
                ? told(State.SWAPPED, null)
                : told(State.NOT_SWAPPED, left(now).orElse(null));
    }

    private Optional<String> left(Found database) {
        try (ServerSession inside = ServerSession.open(access, database.name(), context.stop())) {
            DatabaseContents contents = DatabaseContents.of(inside);
            if (contents.isEmpty()) {
                return Optional.empty();
            }
            String holds = "Database " + database.name() + " holds " + contents.text() + ". ";
            return Optional.of(
                    new Databases(server).owns(database)
                            ? holds + "None of it is of this restore, of which nothing was committed."
                            : holds + "Whether that is of this restore can't be told: role " + access.user()
                                    + " does not own the database, so nothing could be marked there. If it is, it is all of"
                                    + " the backup, and verified.");
        }
    }

    private TaskResult told(State state, String left) {
        return TaskResult.of(
                task.kind(),
                new RestoreReport(null, null, new RestoreReport.Swap(state, null, null, null, false, null, left)));
    }
}
