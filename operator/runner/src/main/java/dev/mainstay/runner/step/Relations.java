package dev.mainstay.runner.step;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.postgres.ServerSession;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Tables and indexes by their names, who locks them, and what an error of the server means for the step. */
record Relations(ServerSession session) {

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String DISK_FULL = "53100";

    /** Modes that one who vacuums, analyzes or reindexes waits for. */
    private static final String HOLDERS = """
            SELECT DISTINCT 'pid ' || a.pid || ' of ' || coalesce(a.usename, a.backend_type)
            FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.relation = ANY (string_to_array(?, ',')::oid[]) AND l.granted AND a.pid <> pg_backend_pid()
                AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND l.mode IN ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
                               'AccessExclusiveLock')
            ORDER BY 1
            """;

    /** Who sees rows that are gone, or has an older view than a new index: the oldest. */
    private static final String OLDEST = """
            SELECT who FROM (
                SELECT 'the transaction of pid ' || pid || ' of ' || usename AS who, age(backend_xmin) AS age
                FROM pg_stat_activity
                WHERE datname = current_database() AND backend_xmin IS NOT NULL AND pid <> pg_backend_pid()
                    AND usename IS NOT NULL
                UNION ALL
                SELECT 'replication slot ' || slot_name, greatest(age(xmin), age(catalog_xmin))
                FROM pg_replication_slots WHERE xmin IS NOT NULL
                UNION ALL
                SELECT 'the prepared transaction of ' || owner, age(transaction)
                FROM pg_prepared_xacts WHERE database = current_database()) f
            ORDER BY age DESC NULLS LAST LIMIT 1
            """;

    /**
     * A table or an index.
     *
     * @param schema its schema
     * @param name its name
     * @param oid its number
     */
    record Relation(String schema, String name, long oid) {

        /** As a statement takes it. */
        String sql() {
            return quoted(schema) + "." + quoted(name);
        }

        @Override
        public String toString() {
            return schema + "." + name;
        }
    }

    /** The schema of {@code schema.name}. */
    static String schema(String name) {
        return name.substring(0, name.indexOf('.'));
    }

    /** The rest of it. */
    static String bare(String name) {
        return name.substring(name.indexOf('.') + 1);
    }

    /** Tells that something could not be done, in the words of what it means. */
    void failed(Upkeep upkeep, String doing, SQLException error, long... oids) {
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        switch (state) {
            case LOCK_NOT_AVAILABLE ->
                upkeep.failure(
                        Reason.LOCK_TIMEOUT,
                        doing + ": it stayed locked, or a transaction that uses it did not end (lockTimeout)"
                                + who(oids).map(holder -> ": " + holder).orElse("") + ".");
            case INSUFFICIENT_PRIVILEGE -> upkeep.failure(Reason.PERMISSION_DENIED, doing + ": " + text(error));
            case DISK_FULL ->
                upkeep.failure(Reason.DISK_FULL, doing + ": " + text(error) + " Make room on the server's disk.");
            default -> {
                // A server that is gone does nothing more.
                if (state.startsWith("08") || state.startsWith("57P")) {
                    throw session.failure(doing, error);
                }
                upkeep.failure(Reason.STEP_FAILED, doing + ": " + text(error));
            }
        }
    }

    private static String text(SQLException error) {
        String said = ServerSession.text(error);
        return said + (said.endsWith(".") ? "" : ".");
    }

    private Optional<String> who(long... oids) {
        String all =
                String.join(",", Arrays.stream(oids).mapToObj(Long::toString).toList());
        List<String> holders = session.rows(HOLDERS, row -> row.getString(1), all);
        return holders.isEmpty() ? oldest() : Optional.of(Review.first(holders));
    }

    /** Who has the oldest view of the database; empty when nobody has one. */
    Optional<String> oldest() {
        return session.value(OLDEST);
    }
}
