package dev.mainstay.runner.restore;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.core.task.Task;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.task.TaskFailure;

/** Gives back what a swap that was not made has closed. */
final class Settling {

    private final ServerSession server;
    private final Databases databases;
    private final Task task;

    Settling(ServerSession server, Task task) {
        this.server = server;
        this.databases = new Databases(server);
        this.task = task;
    }

    /** How it stands. */
    Standing standing() {
        return Standing.of(databases, task);
    }

    /** Opens the database in use again, and a kept one that was to take its place. */
    void open(Standing standing) {
        standing.current().ifPresent(this::open);
        if (task.restore().copyIsKept()) {
            standing.copy().ifPresent(this::open);
        }
    }

    private void open(Databases.Found database) {
        if (database.acceptsConnections()) {
            return;
        }
        try {
            databases.accept(database.name(), true);
        } catch (TaskFailure failure) {
            throw failure.and(byHand(database.name()));
        }
    }

    /** What to do by hand when nobody can open it. */
    static String byHand(String database) {
        return " Database " + database + " may still refuse connections; until somebody runs ALTER DATABASE "
                + quoted(database) + " ALLOW_CONNECTIONS true;";
    }
}
