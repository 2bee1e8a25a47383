package dev.mainstay.runner.postgres;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskFailure;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps those apart that work on one database: an advisory lock of the server, which dumps share and which whoever renames
 * or rebuilds the database has alone. It holds where a claim in the cluster doesn't: for a Pod on a node that was lost, and
 * for two applications, or clusters, that name one database. Such a lock is only seen inside the database in which it was
 * taken, so that is the same for all.
 */
public final class DatabaseLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseLock.class);
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Session session;

    /**
     * @param session that holds the lock; null when none does
     */
    private DatabaseLock(Session session) {
        this.session = session;
    }

    /**
     * Takes it together with others who only read. Who can't reach the database of the locks goes on without one: a dump that
     * meets a swap fails by itself and harms nothing, one that is never made does.
     *
     * @param patience how long it is waited for; then a TaskFailure of AnotherRunner is thrown
     */
    public static DatabaseLock shared(DatabaseAccess access, Duration patience, StopSignal stop) {
        String place = access.target().adminDatabase();
        DatabaseLock lock;
        try {
            lock = new DatabaseLock(new Session(Connections.openHolding(access, place), stop));
        } catch (SQLException e) {
            stop.check();
            LOG.warn(
                    "no lock is held on the server: its database {} (adminDatabase) can't be opened: {}",
                    place,
                    e.getMessage());
            return new DatabaseLock(null);
        }
        try (Statement statement = lock.session.connection().createStatement()) {
            // What a role sets for people would end a session that only holds a lock.
            statement.execute("SELECT set_config(name, '0', false) FROM pg_settings"
                    + " WHERE name IN ('idle_session_timeout', 'statement_timeout')");
            statement.execute("SET lock_timeout = " + patience.toMillis());
            statement.execute("SELECT pg_advisory_lock_shared("
                    + LockKey.of(access.target().database()) + ")");
            return lock;
        } catch (SQLException e) {
            lock.close();
            stop.check();
            throw LOCK_NOT_AVAILABLE.equals(e.getSQLState())
                    ? taken(access, patience)
                    : new ConnectionErrors(access, place).asking(e);
        }
    }

    static TaskFailure taken(DatabaseAccess access, Duration patience) {
        return new TaskFailure(
                Reason.ANOTHER_RUNNER,
                "another program of Mainstay has database " + access.target().database() + " on " + access.server()
                        + " for itself, and did not let go within " + patience.toSeconds()
                        + " s. Who it is: SELECT a.pid, a.client_addr, a.backend_start FROM pg_locks l JOIN"
                        + " pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory', in database "
                        + access.target().adminDatabase() + ".");
    }

    /** Lets go. */
    @Override
    public void close() {
        if (session != null) {
            session.close();
        }
    }
}
