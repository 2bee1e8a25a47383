package dev.mainstay.runner.restore;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreOrder;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.RestoreReport.State;
import dev.mainstay.core.task.Task;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.restore.Databases.Found;
import dev.mainstay.runner.restore.Databases.SessionOf;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the copy in the place of the database in use. That is closed first (superusers stay out, too) and its sessions are
 * ended; names, comments, grants and the opening again are one transaction, so that nobody ever finds a database half
 * swapped.
 */
final class Swap {

    /** How long sessions may take to end. */
    private static final Duration ENDING = Duration.ofSeconds(20);

    private static final Duration STEP = Duration.ofMillis(10);

    /** Its count of sessions is the truth of the moment since then. */
    private static final int FIRST_WITH_SHARED_STATISTICS = 15;

    /** Who is being let in: checked whether it may before the fence stood, and not to be seen as a session yet. */
    private static final String ENTERING = """
            SELECT pid FROM pg_locks WHERE locktype = 'object' AND classid = 'pg_database'::regclass
              AND objid = ?::oid AND mode = 'RowExclusiveLock' AND granted AND pid <> pg_backend_pid()
            """;

    /**
     * Not among the conditions, whose order is the server's: there it would end everybody's. Only sessions that are
     * somebody's: autovacuum's are nobody's, and a renaming ends them.
     */
    private static final String END = """
            SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datid = ?::oid AND pid <> pg_backend_pid() AND usesysid IS NOT NULL
            """;

    private final TaskContext context;
    private final Task task;
    private final RestoreOrder order;
    private final ServerSession server;
    private final Databases databases;
    private final String live;
    private final Set<Long> ended = new HashSet<>();
    private final boolean counts;

    Swap(TaskContext context, ServerSession server) {
        this.context = context;
        this.task = context.task();
        this.order = task.restore();
        this.server = server;
        this.databases = new Databases(server);
        this.live = task.database().database();
        this.counts = server.major() >= FIRST_WITH_SHARED_STATISTICS;
    }

    /** Does it; whatever it throws, nothing is swapped, and the fence may stand. */
    RestoreReport.Swap run(Standing standing) {
        Found copy = standing.copy()
                .orElseThrow(() -> new TaskFailure(
                        Reason.DATABASE_NOT_FOUND,
                        request() + ": there is no database " + order.copy()
                                + " any more that could take the place of " + live
                                + ". It was left in place. Make another"
                                + " request."));
        refuse(copy, standing);
        server.limit(Databases.LOCK, Databases.STATEMENT);
        databases.accept(copy.name(), false);
        end(copy, context.clock().instant().plus(ENDING));
        Instant refusing = context.clock().instant();
        standing.current().ifPresent(current -> databases.accept(current.name(), false));
        Instant until = refusing.plus(ENDING);
        while (!renamed(copy, standing.current(), until)) {
            context.stop().check();
            end(copy, until);
        }
        Instant swapped = context.clock().instant();
        server.limit(Duration.ZERO, Duration.ZERO);
        return new RestoreReport.Swap(
                State.SWAPPED,
                swapped,
                standing.current().isEmpty()
                        ? null
                        : Long.valueOf(Duration.between(refusing, swapped).toMillis()),
                ended.size(),
                standing.current().isPresent(),
                standing.current().map(databases::bytes).orElse(null));
    }

    private void refuse(Found copy, Standing standing) {
        if (order.copyIsKept()) {
            if (copy.mark().isEmpty()) {
                Databases.refuseOthers(copy, task);
            }
        } else {
            Databases.refuseOthers(copy, task);
        }
        standing.previous().ifPresent(taken -> {
            throw new TaskFailure(
                    Reason.DATABASE_EXISTS,
                    request() + ": database " + taken.name() + " exists, and " + live
                            + " was to be kept under that name. Nothing was swapped. Drop it if nobody needs it: DROP"
                            + " DATABASE " + quoted(taken.name()) + "; or make another request.");
        });
        if (standing.current().isPresent() && order.previous() == null) {
            throw new TaskFailure(
                    Reason.DATABASE_EXISTS,
                    request() + ": database " + live + " exists by now, and did not when the restore was planned."
                            + " Nothing was swapped. Make another request.");
        }
    }

    /** Whether it was done; false when somebody was still there. */
    private boolean renamed(Found copy, Optional<Found> current, Instant until) {
        current.ifPresent(found -> end(found, until));
        String before = current.map(this::sessionCount).orElse("");
        try {
            server.inTransaction(() -> {
                if (current.isPresent()) {
                    // From here on nobody can begin to connect to it.
                    rename(current.get().name(), order.previous());
                    stillClosed(current.get(), before);
                }
                rename(copy.name(), live);
                takeOver(current, copy);
            });
            return true;
        } catch (SQLException e) {
            if (ServerSession.isInUse(e) && context.clock().instant().isBefore(until)) {
                return false;
            }
            throw ServerSession.isInUse(e)
                    ? stillUsed(current.orElse(copy))
                    : server.failure(request() + ": swapping " + copy.name() + " and " + live, e);
        }
    }

    private void rename(String from, String to) throws SQLException {
        server.execute("ALTER DATABASE " + quoted(from) + " RENAME TO " + quoted(to));
    }

    /** Who may come in, and how many; and the one before, which is open again for those who want to look at it. */
    private void takeOver(Optional<Found> before, Found copy) throws SQLException {
        // All in one message: the application waits meanwhile.
        List<String> statements = new ArrayList<>(List.of(Databases.comment(live, comment(before))));
        if (before.isPresent()) {
            Found current = before.get();
            if (!current.owner().equals(copy.owner())) {
                server.execute("ALTER DATABASE " + quoted(live) + " OWNER TO " + quoted(current.owner()));
            }
            statements.addAll(new DatabaseGrants(server).copying(current.oid(), copy.oid(), live));
            if (current.connectionLimit() != copy.connectionLimit()) {
                statements.add(
                        "ALTER DATABASE " + quoted(live) + " WITH CONNECTION LIMIT " + current.connectionLimit());
            }
            statements.add(Databases.comment(order.previous(), DatabaseMark.ofPrevious(task)));
            statements.add(Databases.acceptance(order.previous(), true));
        }
        statements.add(Databases.acceptance(live, true));
        server.execute(String.join("; ", statements));
    }

    /** What the database of that name was called; where there was none, our mark tells that the place was filled. */
    private String comment(Optional<Found> current) {
        if (current.isEmpty()) {
            return DatabaseMark.ofCopy(task);
        }
        return current.get().mark().isPresent() ? null : current.get().comment();
    }

    private void stillClosed(Found current, String before) throws SQLException {
        boolean open = server.ask(
                        "SELECT datallowconn FROM pg_database WHERE oid = ?::oid",
                        row -> row.getBoolean(1),
                        current.oid())
                .getFirst();
        String after = sessionCount(current);
        List<SessionOf> sessions = databases.sessions(current);
        if (open || !after.equals(before) || !sessions.isEmpty()) {
            throw new TaskFailure(
                    Reason.WRITES_DURING_RESTORE,
                    request() + ": database " + live + " was closed for the swap, and "
                            + (open
                                    ? "somebody opened it again (ALTER DATABASE … ALLOW_CONNECTIONS true)"
                                    : sessions.isEmpty()
                                            ? "was used all the same: pg_stat_database counts " + after
                                                    + " sessions, and " + before + " before"
                                            : "is used all the same: "
                                                    + sessions.getFirst().text())
                            + ". It was left in place. Find out who does that, and make another request.");
        }
    }

    private String sessionCount(Found database) {
        return counts
                ? server.value("SELECT pg_stat_get_db_sessions(?::oid)::text", database.oid())
                        .orElse("")
                : "";
    }

    /** Ends all sessions of a closed database, with those that were being let in when it was closed. */
    private void end(Found database, Instant until) {
        Set<Long> entering = new HashSet<>(entering(database));
        while (true) {
            context.stop().check();
            List<Long> sessions = endNow(database);
            ended.addAll(sessions);
            if (!entering.isEmpty()) {
                entering.retainAll(entering(database));
            }
            if (sessions.isEmpty() && entering.isEmpty()) {
                return;
            }
            if (context.clock().instant().isAfter(until)) {
                throw stillUsed(database);
            }
            pause();
        }
    }

    private List<Long> entering(Found database) {
        return server.rows(ENTERING, row -> row.getLong(1), database.oid());
    }

    private List<Long> endNow(Found database) {
        try {
            return server.ask(END, row -> row.getLong(1), database.oid());
        } catch (SQLException e) {
            TaskFailure failure = server.failure(request() + ": ending the sessions of " + database.name(), e);
            String who = databases.sessions(database).stream()
                    .map(SessionOf::text)
                    .limit(3)
                    .reduce((a, b) -> a + ", " + b)
                    .orElse("nobody any more");
            throw failure.and(" There is " + who + ". Run: GRANT pg_signal_backend TO "
                    + quoted(server.value("SELECT current_user").orElse(""))
                    + "; the sessions of a superuser only a superuser may end.");
        }
    }

    private TaskFailure stillUsed(Found database) {
        String who = databases.sessions(database).stream()
                .map(SessionOf::text)
                .findFirst()
                .orElse("a session, or a prepared transaction (pg_prepared_xacts)");
        return new TaskFailure(
                Reason.RESTORE_FAILED,
                request() + ": database " + database.name() + " can't be renamed while it is used, and after "
                        + ENDING.toSeconds() + " s there still is " + who
                        + ". Nothing was swapped. End that, and make another request.");
    }

    private void pause() {
        try {
            Thread.sleep(STEP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            context.stop().check();
        }
    }

    private String request() {
        return "RestoreRequest " + task.origin().namespace() + "/" + order.request();
    }
}
