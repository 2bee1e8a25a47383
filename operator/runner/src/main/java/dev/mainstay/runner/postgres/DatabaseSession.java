package dev.mainstay.runner.postgres;

import dev.mainstay.runner.postgres.DatabaseFacts.Table;
import dev.mainstay.runner.task.StopSignal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** A session that finds out what there is to dump, and holds the snapshot for as long as it is open. */
public final class DatabaseSession implements AutoCloseable {

    private static final int MAJOR = 10_000;
    private static final String TABLES = """
            SELECT n.nspname || '.' || c.relname, pg_table_size(c.oid), c.reltuples::bigint
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND c.relpersistence <> 't'
              AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            """;

    private final Session session;
    private final ConnectionErrors errors;

    private DatabaseSession(Connection connection, ConnectionErrors errors, StopSignal stop) {
        this.session = new Session(connection, stop);
        this.errors = errors;
    }

    /** Connects; throws a TaskFailure that tells why it can't be. */
    public static DatabaseSession open(DatabaseAccess access, StopSignal stop) {
        ConnectionErrors errors = new ConnectionErrors(access, access.target().database());
        try {
            return new DatabaseSession(
                    Connections.openHolding(access, access.target().database()), errors, stop);
        } catch (SQLException e) {
            stop.check();
            throw errors.connecting(e);
        }
    }

    /** Major version of the server. */
    public int major() {
        return ask(this::readMajor);
    }

    /**
     * Takes the snapshot, which lives until this session is closed, and reads what is known of it. Throws a TaskFailure of
     * LockTimeout when a table stays locked for longer.
     */
    public DatabaseFacts takeSnapshot(long lockWaitTimeoutSeconds) {
        return ask(statement -> {
            // What a role or database sets for people would end a session that only waits for pg_dump.
            statement.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0");
            // The size of a table can only be asked for under a lock on it.
            statement.execute("SET lock_timeout = '" + lockWaitTimeoutSeconds + "s'");
            int major = readMajor(statement);
            if (major >= 17) {
                statement.execute("SET transaction_timeout = 0");
            }
            String version = one(statement, "SHOW server_version").split(" ")[0];
            boolean standby = one(statement, "SELECT pg_is_in_recovery()").startsWith("t");
            String lsn = standby ? null : one(statement, "SELECT pg_current_wal_lsn()");
            statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            Instant at = snapshotTime(statement);
            String snapshot = standby ? null : one(statement, "SELECT pg_export_snapshot()");
            long bytes = Long.parseLong(one(statement, "SELECT pg_database_size(current_database())"));
            return new DatabaseFacts(version, major, standby, bytes, tables(statement), snapshot, at, lsn);
        });
    }

    @Override
    public void close() {
        session.close();
    }

    private int readMajor(Statement statement) throws SQLException {
        return Integer.parseInt(one(statement, "SHOW server_version_num")) / MAJOR;
    }

    private static Instant snapshotTime(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT transaction_timestamp()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    private static List<Table> tables(Statement statement) throws SQLException {
        List<Table> tables = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(TABLES)) {
            while (rows.next()) {
                long estimate = rows.getLong(3);
                // A table dropped since the snapshot has no size any more.
                tables.add(new Table(rows.getString(1), rows.getLong(2), estimate < 0 ? null : estimate));
            }
        }
        return tables;
    }

    private static String one(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private interface Question<T> {
        T of(Statement statement) throws SQLException;
    }

    private <T> T ask(Question<T> question) {
        try (Statement statement = session.connection().createStatement()) {
            return question.of(statement);
        } catch (SQLException e) {
            throw errors.asking(e);
        }
    }
}
