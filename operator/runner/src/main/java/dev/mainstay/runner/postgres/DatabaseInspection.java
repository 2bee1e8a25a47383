package dev.mainstay.runner.postgres;

import dev.mainstay.runner.task.StopSignal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a server tells of itself, of a database, and of what a role may read in it. It changes nothing. */
public final class DatabaseInspection implements AutoCloseable {

    private static final int MAJOR = 10_000;

    /** Tables and what they own that pg_dump dumps: those of the system and of extensions it doesn't. */
    private static final String OURS = """
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
              AND NOT EXISTS (SELECT FROM pg_depend d
                              WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
            """;

    private static final String UNREADABLE = """
            SELECT n.nspname, count(*), min(n.nspname || '.' || c.relname), bool_and(has_schema_privilege(n.oid, 'USAGE'))
            %s
              AND c.relkind IN ('r', 'p', 'S')
              AND NOT (has_schema_privilege(n.oid, 'USAGE')
                       AND CASE c.relkind WHEN 'S' THEN has_sequence_privilege(c.oid, 'SELECT')
                                          ELSE has_table_privilege(c.oid, 'SELECT') END)
            GROUP BY n.nspname ORDER BY n.nspname
            """.formatted(OURS);

    private static final String ROW_SECURITY = """
            SELECT n.nspname || '.' || c.relname %s AND c.relkind IN ('r', 'p') AND c.relrowsecurity
              AND row_security_active(c.oid) ORDER BY 1
            """.formatted(OURS);

    private static final String LARGE_OBJECTS = """
            SELECT count(*) FROM pg_largeobject_metadata m
            WHERE current_setting('lo_compat_privileges') = 'off' AND NOT pg_has_role(m.lomowner, 'USAGE')
              AND NOT EXISTS (SELECT FROM aclexplode(m.lomacl) a WHERE a.privilege_type = 'SELECT'
                              AND (a.grantee = 0 OR pg_has_role(a.grantee, 'USAGE')))
            """;

    private static final String LOCKS = """
            SELECT current_setting('max_locks_per_transaction')::bigint
                   * (current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint)
            """;

    private static final String CONNECTIONS = """
            SELECT 'ROLE', rolname, rolconnlimit FROM pg_roles
            WHERE rolname = current_user AND NOT rolsuper AND rolconnlimit >= 0
            UNION ALL SELECT 'DATABASE', datname, datconnlimit FROM pg_database
            WHERE datname = current_database() AND datconnlimit >= 0
            """;

    private final DatabaseAccess access;
    private final Session session;
    private final ConnectionErrors errors;

    /**
     * A schema of which the role can't read everything.
     *
     * @param count tables and sequences that it can't read
     * @param example the first of them
     * @param usable whether it may use the schema
     */
    public record UnreadableSchema(String name, int count, String example, boolean usable) {}

    /**
     * How many sessions may be there at once.
     *
     * @param kind {@code ROLE} or {@code DATABASE}
     * @param name of it
     * @param allowed how many it may have
     */
    public record ConnectionLimit(String kind, String name, int allowed) {}

    /**
     * Why a database can't be opened.
     *
     * @param message what the server said
     * @param denied whether the role may not
     */
    public record Unopened(String message, boolean denied) {}

    private DatabaseInspection(DatabaseAccess access, Connection connection, ConnectionErrors errors, StopSignal stop) {
        this.access = access;
        this.session = new Session(connection, stop);
        this.errors = errors;
    }

    /** Connects; throws a TaskFailure that tells why it can't be. */
    public static DatabaseInspection open(DatabaseAccess access, StopSignal stop) {
        ConnectionErrors errors = new ConnectionErrors(access, access.target().database());
        try {
            return new DatabaseInspection(
                    access, Connections.open(access, access.target().database()), errors, stop);
        } catch (SQLException e) {
            stop.check();
            throw errors.connecting(e);
        }
    }

    /** Major version of the server. */
    public int major() {
        return (int) number("SELECT current_setting('server_version_num')::bigint") / MAJOR;
    }

    /** Whether the server follows another one. */
    public boolean isStandby() {
        return number("SELECT pg_is_in_recovery()::int") == 1;
    }

    /** Whether two sessions that are open at once turn out to be one: then a pooler hands them out by transaction. */
    public boolean sharesSessions() {
        String question = "SELECT pg_backend_pid()";
        try (Connection other = Connections.open(access, access.target().database());
                Statement statement = other.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            row.next();
            return row.getLong(1) == number(question);
        } catch (SQLException e) {
            throw errors.connecting(e);
        }
    }

    /** Schemas of which the role can't read everything, in order. */
    public List<UnreadableSchema> unreadableSchemas() {
        return rows(
                UNREADABLE,
                row -> new UnreadableSchema(row.getString(1), row.getInt(2), row.getString(3), row.getBoolean(4)));
    }

    /** Tables of which the role would read only some rows. */
    public List<String> tablesWithRowSecurity() {
        return rows(ROW_SECURITY, row -> row.getString(1));
    }

    /** How many large objects the role can't read. */
    public long unreadableLargeObjects() {
        return number(LARGE_OBJECTS);
    }

    /** How many tables pg_dump would lock. */
    public long tables() {
        return number("SELECT count(*) " + OURS + " AND c.relkind IN ('r', 'p')");
    }

    /** How many locks on tables the server has room for. */
    public long lockSlots() {
        return number(LOCKS);
    }

    /** What limits the sessions of the role and of the database; a superuser's aren't. */
    public List<ConnectionLimit> connectionLimits() {
        return rows(CONNECTIONS, row -> new ConnectionLimit(row.getString(1), row.getString(2), row.getInt(3)));
    }

    /** Names of the tables that have rows: schema and name, joined by a dot. */
    public List<String> tableNames() {
        return rows("SELECT n.nspname || '.' || c.relname " + OURS + " AND c.relkind = 'r'", row -> row.getString(1));
    }

    /** Names of views and partitioned tables, whose rows are elsewhere. */
    public List<String> namesWithoutRows() {
        return rows(
                "SELECT n.nspname || '.' || c.relname " + OURS + " AND c.relkind IN ('p', 'v', 'm', 'f')",
                row -> row.getString(1));
    }

    /** Why the database of the locks can't be opened; empty when it can. */
    public Optional<Unopened> adminDatabaseProblem() {
        String database = access.target().adminDatabase();
        try (Connection other = Connections.open(access, database)) {
            return other.isValid(0)
                    ? Optional.empty()
                    : Optional.of(new Unopened("database " + database + " does not answer.", false));
        } catch (SQLException e) {
            return Optional.of(new Unopened(
                    "its database " + database + " can't be opened (" + ConnectionErrors.text(e) + ").",
                    ConnectionErrors.INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())));
        }
    }

    @Override
    public void close() {
        session.close();
    }

    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private <T> List<T> rows(String query, Reading<T> reading) {
        List<T> found = new ArrayList<>();
        try (Statement statement = session.connection().createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                found.add(reading.of(rows));
            }
            return found;
        } catch (SQLException e) {
            throw errors.asking(e);
        }
    }

    private long number(String query) {
        return rows(query, row -> row.getLong(1)).getFirst();
    }
}
