package dev.mainstay.runner.restore;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.restore.Databases.Found;
import dev.mainstay.runner.restore.Databases.SessionOf;
import dev.mainstay.runner.task.TaskFailure;
import java.time.Duration;
import java.util.stream.Collectors;

/** Gives back what a swap that was not made has closed. */
final class Settling {

    /** What a report has room for beside its other parts. */
    private static final int MOST_CHARACTERS = 700;

    private static final int MOST_SESSIONS = 3;

    /** How long dropping the copy may take. */
    private static final Duration DROPPING = Duration.ofSeconds(60);

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
        server.limit(Databases.LOCK, Databases.STATEMENT);
        standing.current().ifPresent(this::open);
        if (task.restore().copyIsKept()) {
            standing.copy().ifPresent(this::open);
        }
        server.limit(Duration.ZERO, Duration.ZERO);
    }

    private void open(Found database) {
        if (database.acceptsConnections()) {
            return;
        }
        try {
            accept(database.name());
        } catch (TaskFailure failure) {
            throw failure.and(byHand(database.name()));
        }
    }

    /** Once more when somebody was at work on it, who may be done by now. */
    private void accept(String name) {
        try {
            databases.accept(name, true);
        } catch (TaskFailure failure) {
            if (failure.reason() != Reason.LOCK_TIMEOUT) {
                throw failure;
            }
            databases.accept(name, true);
        }
    }

    /**
     * Drops the copy. Who waits for its end is the application, which needs no copy gone: so what the server refuses is only
     * told, as words for a person; null when nothing is left. Throws a TaskFailure when the server is lost meanwhile.
     */
    String dropCopy() {
        return databases.ownCopies(task).stream()
                .map(this::dropped)
                .filter(words -> !words.isEmpty())
                .findFirst()
                .map(words -> words.length() <= MOST_CHARACTERS ? words : words.substring(0, MOST_CHARACTERS - 1) + "…")
                .orElse(null);
    }

    private String dropped(Found copy) {
        try {
            server.limit(Databases.LOCK, DROPPING);
            databases.drop(copy);
            return "";
        } catch (TaskFailure failure) {
            if (failure.reason() == Reason.CONNECTION_FAILED) {
                throw failure;
            }
            String sessions = databases.sessions(copy).stream()
                    .limit(MOST_SESSIONS)
                    .map(SessionOf::text)
                    .collect(Collectors.joining(", "));
            return "Database " + copy.name() + " is left over. As its owner, connected to another database, run: "
                    + databases.dropping(copy) + "; What kept it: " + failure.getMessage()
                    + (sessions.isEmpty() ? "" : " It is used by " + sessions + ".");
        }
    }

    /** What to do by hand when nobody can open it. */
    static String byHand(String database) {
        return " Database " + database + " may still refuse connections; until somebody runs ALTER DATABASE "
                + quoted(database) + " ALLOW_CONNECTIONS true;";
    }
}
