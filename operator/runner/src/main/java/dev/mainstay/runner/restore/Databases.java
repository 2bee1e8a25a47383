package dev.mainstay.runner.restore;

import static dev.mainstay.runner.postgres.Identifiers.literal;
import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.core.restore.DatabaseNames;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreReport.Kept;
import dev.mainstay.core.task.RestoreReport.KeptDatabase;
import dev.mainstay.core.task.Task;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.task.TaskFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The databases of a server, as one of its others sees them. */
final class Databases {

    private static final String FOUND = """
            SELECT d.oid, d.datname, r.rolname, d.datallowconn, d.datconnlimit,
                   shobj_description(d.oid, 'pg_database')
            FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE d.datname = ?
            """;

    /**
     * Autovacuum, whose sessions are nobody's, lets go by itself when a database is to be renamed. What kind a session is of
     * is only told to who may read statistics.
     */
    private static final String SESSIONS = """
            SELECT pid, coalesce(usename, backend_type, 'unknown'), coalesce(application_name, ''), coalesce(backend_type, '')
            FROM pg_stat_activity
            WHERE datid = ?::oid AND pid <> pg_backend_pid() AND usesysid IS NOT NULL
            ORDER BY backend_start
            """;

    private static final String BYTES = """
            SELECT CASE WHEN has_database_privilege(oid, 'CONNECT') OR pg_has_role('pg_read_all_stats', 'USAGE')
                        THEN pg_database_size(oid) END::text
            FROM pg_database WHERE oid = ?::oid
            """;

    private static final String MARKED = """
            SELECT d.datname,
                   CASE WHEN has_database_privilege(d.oid, 'CONNECT') OR pg_has_role('pg_read_all_stats', 'USAGE')
                        THEN pg_database_size(d.oid) END::text
            FROM pg_database d
            WHERE shobj_description(d.oid, 'pg_database') LIKE 'Mainstay restore %: kept by %'
            ORDER BY d.datname
            """;

    private static final int FIRST_WITH_FORCE = 13;

    /** How long closing, renaming and opening may wait for a person who is at work on a database: nobody gets in meanwhile. */
    static final Duration LOCK = Duration.ofSeconds(5);

    /** How long each of them may take. */
    static final Duration STATEMENT = Duration.ofSeconds(20);

    private final ServerSession server;

    /**
     * A database.
     *
     * @param connectionLimit most sessions; -1 for no limit
     * @param comment what is noted on it; null when nothing is
     */
    record Found(long oid, String name, String owner, boolean acceptsConnections, int connectionLimit, String comment) {

        /** Uid of the request whose mark it carries. */
        Optional<String> mark() {
            return DatabaseMark.in(comment);
        }

        /** Whether that request made or kept it. */
        boolean isOf(String mark) {
            return mark().filter(mark::equals).isPresent();
        }
    }

    /** A session of a database. */
    record SessionOf(long pid, String user, String application, String kind) {

        String text() {
            return "session " + pid + " of " + user
                    + (application.isEmpty() ? "" : " (" + application + ")")
                    + (kind.equals("client backend") || kind.isEmpty() ? "" : ", a " + kind);
        }
    }

    Databases(ServerSession server) {
        this.server = server;
    }

    /** The database of that name. */
    Optional<Found> find(String name) {
        return server
                .rows(
                        FOUND,
                        row -> new Found(
                                row.getLong(1),
                                row.getString(2),
                                row.getString(3),
                                row.getBoolean(4),
                                row.getInt(5),
                                row.getString(6)),
                        name)
                .stream()
                .findFirst();
    }

    /** Those that restores of a database have kept under another name, and that nobody has dropped or put back. */
    Kept kept(String database) {
        List<KeptDatabase> all = allKept(database);
        return new Kept(all.size(), all.stream().limit(Kept.MOST).toList());
    }

    /** The same, without a limit. */
    List<KeptDatabase> allKept(String database) {
        return server
                .rows(
                        MARKED,
                        row -> new KeptDatabase(
                                row.getString(1), row.getString(2) == null ? null : Long.valueOf(row.getString(2))))
                .stream()
                .filter(found -> DatabaseNames.isPrevious(database, found.name()))
                .toList();
    }

    /** Whether the role owns it, itself or by a role that it is a member of. */
    boolean owns(Found database) {
        return server.value(
                        "SELECT pg_has_role(datdba, 'USAGE')::text FROM pg_database WHERE oid = ?::oid", database.oid())
                .filter("true"::equals)
                .isPresent();
    }

    /** The sessions of a database, the oldest first. */
    List<SessionOf> sessions(Found database) {
        return server.rows(
                SESSIONS,
                row -> new SessionOf(row.getLong(1), row.getString(2), row.getString(3), row.getString(4)),
                database.oid());
    }

    /** Its size in bytes; null where the role may not know. */
    Long bytes(Found database) {
        return server.value(BYTES, database.oid()).map(Long::valueOf).orElse(null);
    }

    /** Lets nobody in any more, superusers neither, or everybody who may. */
    void accept(String name, boolean connections) {
        server.run("database " + name, acceptance(name, connections));
    }

    static String acceptance(String name, boolean connections) {
        return "ALTER DATABASE " + quoted(name) + " WITH ALLOW_CONNECTIONS " + connections;
    }

    static String comment(String name, String comment) {
        return "COMMENT ON DATABASE " + quoted(name) + " IS " + (comment == null ? "NULL" : literal(comment));
    }

    /** Name of a database while it has no comment yet: nobody else comes upon it, so the name itself is the mark. */
    static String unmarkedName(Task task) {
        return "mainstay-" + task.restore().mark();
    }

    /** Drops what the request made under its two names; throws a TaskFailure of DatabaseExists for what is another's. */
    void dropCopy(Task task) {
        find(unmarkedName(task)).ifPresent(this::drop);
        find(task.restore().copy()).ifPresent(found -> {
            refuseOthers(found, task);
            drop(found);
        });
    }

    /** Drops what the request made under its two names, and leaves alone what is another's. */
    void dropOwnCopy(Task task) {
        ownCopies(task).forEach(this::drop);
    }

    /** What the request made under its two names. */
    List<Found> ownCopies(Task task) {
        Optional<Found> marked = find(task.restore().copy())
                .filter(found -> found.isOf(task.restore().mark()))
                .filter(found -> !found.name().equals(task.database().database()));
        return Stream.of(find(unmarkedName(task)), marked)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Throws unless the request itself made the database. */
    static void refuseOthers(Found found, Task task) {
        if (!found.isOf(task.restore().mark())) {
            throw new TaskFailure(
                    Reason.DATABASE_EXISTS,
                    OrderWords.object(task) + ": database "
                            + found.name() + " exists, and was not made by it ("
                            + (found.comment() == null ? "it has no comment" : "its comment: " + found.comment())
                            + "). It was not touched. "
                            // A name that a person has chosen may be the one of a database in use.
                            + (task.restore().previous() == null
                                            && task.restore().test() == null
                                    ? "Choose a name that no database has."
                                    : "Drop it if nobody needs it: DROP DATABASE " + quoted(found.name()) + ";"));
        }
    }

    /** Drops a database, and ends its sessions where the role may. */
    void drop(Found found) {
        if (server.major() < FIRST_WITH_FORCE) {
            server.run("dropping the copy", acceptance(found.name(), false));
            server.rows(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datid = ?::oid AND usesysid IS NOT NULL",
                    row -> row.getBoolean(1),
                    found.oid());
        }
        try {
            server.execute(dropping(found));
        } catch (SQLException e) {
            TaskFailure failure = server.failure("dropping the copy", e);
            if (failure.reason() != Reason.PERMISSION_DENIED || !droppedUnforced(found)) {
                throw failure;
            }
        }
    }

    /** Where only autovacuum is in the way: by force it may not be ended, and without the server itself ends it. */
    private boolean droppedUnforced(Found found) {
        try {
            server.execute(droppingUnforced(found));
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /** The statement that drops a database. */
    String dropping(Found found) {
        return droppingUnforced(found) + (server.major() >= FIRST_WITH_FORCE ? " WITH (FORCE)" : "");
    }

    /** The same for one that nobody is driven out of. */
    static String droppingUnforced(Found found) {
        return "DROP DATABASE IF EXISTS " + quoted(found.name());
    }
}
