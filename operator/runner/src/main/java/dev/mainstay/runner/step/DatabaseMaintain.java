package dev.mainstay.runner.step;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.core.Durations;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.DatabaseMaintainWork;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.DatabaseLock;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.task.TaskContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Keeps a database in shape, and tells what is better than before. Each part looks first, acts, and looks again. */
final class DatabaseMaintain {

    private static final String SEES_ALL = "SELECT pg_has_role('pg_read_all_stats', 'USAGE')";

    private static final String HIDDEN = """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND usesysid IS NOT NULL AND NOT pg_has_role(usesysid, 'USAGE')
            """;

    private static final String OLD = """
            SELECT 'pid ' || pid || ' of ' || usename || ', open for ', floor(extract(epoch FROM now() - xact_start))::bigint AS age
            FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
            UNION ALL
            SELECT 'prepared transaction of ' || owner || ', ', floor(extract(epoch FROM now() - prepared))::bigint
            FROM pg_prepared_xacts WHERE database = current_database()
            ORDER BY age DESC NULLS LAST LIMIT 1
            """;

    private record Aged(String name, long seconds) {}

    private final TaskContext context;
    private final DatabaseMaintainWork order;
    private final Upkeep upkeep = new Upkeep();

    DatabaseMaintain(TaskContext context, DatabaseMaintainWork order) {
        this.context = context;
        this.order = order;
    }

    StepReport run() {
        DatabaseAccess access = DatabaseAccess.of(order.database(), context.secrets());
        // Nothing is begun while a restore has the database. One that comes later ends these sessions and waits for
        // nobody here.
        DatabaseLock.shared(access, context.settings().databaseLockWait(), context.stop())
                .close();
        try (ServerSession session = ServerSession.open(access, order.database().database(), context.stop())) {
            session.limit(Duration.ofSeconds(order.lockTimeoutSeconds()), Duration.ZERO);
            if (session.value("SELECT pg_is_in_recovery()").filter("t"::equals).isPresent()) {
                return upkeep.couldNotCheck(
                        Reason.CONNECTION_FAILED,
                        access.server() + " is a standby, in which nothing can be changed. Name the primary in"
                                + " spec.databases[].postgres of the ManagedApplication.");
            }
            if (!sees(session)) {
                return upkeep.couldNotCheck(
                        Reason.PERMISSION_DENIED,
                        "The role does not see what sessions of others do, so nothing was done: a transaction may be open for"
                                + " long. Run: GRANT pg_monitor TO " + quoted(access.user()) + ";");
            }
            if (order.sessions() != null) {
                new SessionEnding(session, access, upkeep).run(order.sessions());
            }
            if (order.previous() != null) {
                new PreviousDropping(access, context.settings().databaseLockWait(), context.stop(), upkeep)
                        .run(order.previous(), Duration.ofSeconds(order.lockTimeoutSeconds()));
            }
            if (order.reindex() == null && order.vacuum() == null && order.analyze() == null) {
                return upkeep.report();
            }
            Optional<Aged> old = old(session);
            if (old.isPresent()) {
                return upkeep.couldNotCheck(
                        Reason.COULD_NOT_CHECK,
                        "A transaction is open for " + Durations.format(Duration.ofSeconds(order.transactionSeconds()))
                                + " or longer (transactionAge), so nothing was reindexed, vacuumed or analyzed: "
                                + old.get().name()
                                + Durations.format(Duration.ofSeconds(old.get().seconds()))
                                + ". End it, or wait for its end.");
            }
            work(session);
            return upkeep.report();
        }
    }

    private void work(ServerSession session) {
        if (order.reindex() != null) {
            new Reindexing(session, context.stop(), upkeep).run(order.reindex());
        }
        Vacuuming vacuuming = new Vacuuming(session, context.stop(), upkeep);
        if (order.vacuum() != null) {
            vacuuming.vacuum(order.vacuum());
        }
        if (order.analyze() != null) {
            vacuuming.analyze(order.analyze());
        }
    }

    /** Who guards against what others do must see it. */
    private static boolean sees(ServerSession session) {
        return session.value(SEES_ALL).filter("t"::equals).isPresent()
                || session.value(HIDDEN).filter("0"::equals).isPresent();
    }

    private Optional<Aged> old(ServerSession session) {
        List<Aged> oldest = session.rows(OLD, row -> new Aged(row.getString(1), row.getLong(2)));
        long age = oldest.isEmpty() ? 0 : oldest.getFirst().seconds();
        upkeep.fact("oldestTransactionSeconds", age);
        return oldest.stream()
                .filter(found -> found.seconds() >= order.transactionSeconds())
                .findFirst();
    }
}
