package dev.mainstay.runner.postgres;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postgresql.core.Parser;

/**
 * A session in which databases are made, closed, renamed and dropped, or a restored one is looked at. It may hold the lock
 * that {@link DatabaseLock} tells of: then whoever loses the lock can't go on either.
 */
public final class ServerSession implements AutoCloseable {

    private static final int MAJOR = 10_000;
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** How much longer than a statement may take nothing needs to be heard of it. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    /** Such as a GRANT on the database, whose transaction nobody has ended. */
    private static final String HOLDERS =
            "Somebody has changed it in a transaction that has not ended. Who it may be: SELECT pid,"
                    + " usename, query FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'; end it by SELECT"
                    + " pg_terminate_backend(pid);";

    private final DatabaseAccess access;
    private final String database;
    private final Session session;
    private final StopSignal stop;

    /** Reads one row of an answer. */
    public interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** What is done in one transaction. */
    public interface Work {
        void run() throws SQLException;
    }

    private ServerSession(DatabaseAccess access, String database, Session session, StopSignal stop) {
        this.access = access;
        this.database = database;
        this.session = session;
        this.stop = stop;
    }

    /** Connects; throws a TaskFailure that tells why it can't be. What a role or database sets for people doesn't count. */
    public static ServerSession open(DatabaseAccess access, String database, StopSignal stop) {
        stop.check();
        ServerSession session;
        try {
            session = new ServerSession(
                    access, database, new Session(Connections.openHolding(access, database), stop), stop);
        } catch (SQLException e) {
            stop.check();
            throw new ConnectionErrors(access, database).connecting(e);
        }
        try {
            session.rows(
                    "SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN ('statement_timeout',"
                            + " 'lock_timeout', 'idle_session_timeout', 'idle_in_transaction_session_timeout',"
                            + " 'transaction_timeout')",
                    row -> row.getString(1));
            // How a text ends must not be a matter of what the database sets.
            session.execute("SET search_path = pg_catalog; SET standard_conforming_strings = on");
            return session;
        } catch (TaskFailure | SQLException e) {
            session.close();
            throw e instanceof TaskFailure failure ? failure : session.failure("", (SQLException) e);
        }
    }

    /** Major version of the server. */
    public int major() {
        return Integer.parseInt(
                        value("SELECT current_setting('server_version_num')").orElseThrow())
                / MAJOR;
    }

    /** Runs a statement. */
    public void execute(String sql) throws SQLException {
        try (Statement statement = session.connection().createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs a statement; an error is told as a failure to do what the words say. */
    public void run(String words, String sql) {
        try {
            execute(sql);
        } catch (SQLException e) {
            throw failure(words, e);
        }
    }

    /** The rows of an answer. */
    public <T> List<T> rows(String query, Reading<T> reading, Object... parameters) {
        try {
            return ask(query, reading, parameters);
        } catch (SQLException e) {
            throw failure("", e);
        }
    }

    /** The same, with the error as the server tells it. */
    public <T> List<T> ask(String query, Reading<T> reading, Object... parameters) throws SQLException {
        List<T> found = new ArrayList<>();
        try (PreparedStatement statement = session.connection().prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(reading.of(rows));
                }
            }
        }
        return found;
    }

    /** The first column of the first row; empty when there is none, or it is null. */
    public Optional<String> value(String query, Object... parameters) {
        return rows(query, row -> Optional.ofNullable(row.getString(1)), parameters).stream()
                .findFirst()
                .flatMap(found -> found);
    }

    /** Does it in one transaction, or not at all. */
    public void inTransaction(Work work) throws SQLException {
        Connection connection = session.connection();
        connection.setAutoCommit(false);
        try {
            work.run();
            connection.commit();
            connection.setAutoCommit(true);
        } catch (SQLException | RuntimeException e) {
            rollBack(connection);
            throw e;
        }
    }

    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            // The connection is gone, and the transaction with it.
        }
    }

    /**
     * From now on no statement waits longer for a lock, or takes longer; zero for as long as it takes. A server that does
     * not even say so is lost.
     */
    public void limit(Duration forLocks, Duration forStatements) {
        try {
            Duration silence = forStatements.isZero() ? Duration.ZERO : forStatements.plus(SILENCE);
            execute("SET lock_timeout = " + forLocks.toMillis() + "; SET statement_timeout = "
                    + forStatements.toMillis());
            session.connection().setNetworkTimeout(Runnable::run, (int) silence.toMillis());
        } catch (SQLException e) {
            throw failure("", e);
        }
    }

    /** Takes the lock on a database together with others who only read. */
    public void lockShared(String locked, Duration patience) {
        lock("pg_advisory_lock_shared", locked, patience);
    }

    /** Takes the lock on a database for this session alone. */
    public void lockAlone(String locked, Duration patience) {
        lock("pg_advisory_lock", locked, patience);
    }

    private void lock(String function, String locked, Duration patience) {
        try {
            execute("SET lock_timeout = " + Math.max(1, patience.toMillis()));
            execute("SELECT " + function + "(" + LockKey.of(locked) + ")");
            execute("SET lock_timeout = 0");
        } catch (SQLException e) {
            stop.check();
            throw LOCK_NOT_AVAILABLE.equals(e.getSQLState())
                    ? DatabaseLock.taken(access.in(locked), patience)
                    : failure("", e);
        }
    }

    /** The failure that an error means, when the words tell what was tried. */
    public TaskFailure failure(String words, SQLException error) {
        stop.check();
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        String tried = words.isEmpty() ? "" : words + ": ";
        String said = tried + "server " + access.server() + ", database " + database + ", role " + access.user() + ": "
                + ConnectionErrors.text(error);
        Reason reason =
                switch (state) {
                    case ConnectionErrors.INSUFFICIENT_PRIVILEGE -> Reason.PERMISSION_DENIED;
                    case "53100" -> Reason.DISK_FULL;
                    case "42P04" -> Reason.DATABASE_EXISTS;
                    case "3D000" -> Reason.DATABASE_NOT_FOUND;
                    case LOCK_NOT_AVAILABLE -> Reason.LOCK_TIMEOUT;
                    default ->
                        state.startsWith("08") || state.startsWith("57P")
                                ? Reason.CONNECTION_FAILED
                                : Reason.RESTORE_FAILED;
                };
        return new TaskFailure(
                reason,
                said
                        + (said.endsWith(".") ? "" : ".")
                        + switch (reason) {
                            case DISK_FULL -> " Make room on the server's disk.";
                            case LOCK_TIMEOUT -> " " + HOLDERS;
                            default -> "";
                        });
    }

    /** The server's message in a line. */
    public static String text(SQLException error) {
        return ConnectionErrors.text(error);
    }

    /** Whether the error means that somebody uses the database. */
    public static boolean isInUse(SQLException error) {
        return "55006".equals(error.getSQLState());
    }

    /**
     * The values of the first column that a query of people's answers, two at most, in a transaction that can only read.
     * It must be one statement: the driver would send a second one after the end of that transaction.
     */
    public List<String> single(String query, int seconds) throws SQLException {
        if (Parser.parseJdbcSql(query, true, false, true, false, true).size() != 1) {
            throw new SQLException("it must be exactly one statement");
        }
        List<String> values = new ArrayList<>();
        Connection connection = session.connection();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION READ ONLY");
            statement.execute("SET LOCAL statement_timeout = '" + seconds + "s'");
            statement.setMaxRows(2);
            try (ResultSet rows = statement.executeQuery(query)) {
                if (rows.getMetaData().getColumnCount() != 1) {
                    throw new SQLException(
                            "it answers " + rows.getMetaData().getColumnCount() + " columns, and must answer one");
                }
                while (rows.next()) {
                    values.add(rows.getString(1));
                }
            }
            return values;
        } finally {
            rollBack(connection);
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
