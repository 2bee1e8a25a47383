package dev.mainstay.runner.step;

import dev.mainstay.core.ByteSizes;
import dev.mainstay.core.task.DatabaseReviewWork;
import dev.mainstay.runner.postgres.ServerSession;
import java.util.List;
import java.util.stream.Stream;

/**
 * What of tables and indexes is empty, by estimate: how many pages the rows would take whose number and width the last ANALYZE
 * has told, beside how many there are. Where it has told nothing, or much was changed since, nothing is estimated.
 */
record BloatReview(ServerSession session, DatabaseReviewWork order, Review review) {

    private static final int HUNDRED = 100;

    /** The header of a row, with a bit for each column where some are null, and its values; both to full eights. */
    private static final String TABLES = """
            SELECT name, size, least(size, pages * block) FROM (
                SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name, size, block,
                       ceil(c.reltuples / greatest(1, floor((block - 24) * fill / 100
                           / (4 + 8 * ceil((23 + CASE WHEN nulls THEN ceil(known / 8.0) ELSE 0 END) / 8.0)
                              + 8 * ceil(width / 8.0))))) AS pages
                FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_stat_user_tables u ON u.relid = c.oid
                CROSS JOIN LATERAL (
                    SELECT pg_relation_size(c.oid) AS size, current_setting('block_size')::bigint AS block,
                           coalesce((SELECT option_value::int FROM pg_options_to_table(c.reloptions)
                                     WHERE option_name = 'fillfactor'), 100) AS fill) f
                CROSS JOIN LATERAL (
                    SELECT count(*) AS known, sum((1 - s.null_frac) * s.avg_width) AS width,
                           bool_or(s.null_frac > 0) AS nulls
                    FROM pg_stats s
                    WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND NOT s.inherited) s
                WHERE c.relkind IN ('r', 'm') AND c.reltuples > 0 AND size >= ?
                    AND u.n_mod_since_analyze * 5 <= c.reltuples
                    AND known = (SELECT count(*) FROM pg_attribute a
                                 WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)) e
            """;

    /** The same of the leaves of a B-tree, of which 90 % are filled when it is built. */
    private static final String INDEXES = """
            SELECT name, size, least(size, pages * block) FROM (
                SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name, size, block,
                       ceil(c.reltuples / greatest(1, floor((block - 40) * fill / 100
                           / (12 + 8 * ceil(width / 8.0))))) AS pages
                FROM pg_index i
                JOIN pg_class c ON c.oid = i.indexrelid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_am m ON m.oid = c.relam AND m.amname = 'btree'
                JOIN pg_class t ON t.oid = i.indrelid
                JOIN pg_namespace tn ON tn.oid = t.relnamespace
                JOIN pg_stat_user_tables u ON u.relid = t.oid
                CROSS JOIN LATERAL (
                    SELECT pg_relation_size(c.oid) AS size, current_setting('block_size')::bigint AS block,
                           coalesce((SELECT option_value::int FROM pg_options_to_table(c.reloptions)
                                     WHERE option_name = 'fillfactor'), 90) AS fill) f
                CROSS JOIN LATERAL (
                    SELECT count(*) AS known, sum((1 - s.null_frac) * s.avg_width) AS width
                    FROM pg_attribute a
                    JOIN pg_stats s ON s.schemaname = tn.nspname AND s.tablename = t.relname
                        AND s.attname = a.attname AND NOT s.inherited
                    WHERE a.attrelid = t.oid AND a.attnum = ANY (i.indkey::int2[])) s
                WHERE c.relkind = 'i' AND c.reltuples > 0 AND size >= ? AND i.indisvalid
                    AND i.indexprs IS NULL AND i.indpred IS NULL AND known = i.indnatts
                    AND u.n_mod_since_analyze * 5 <= t.reltuples) e
            """;

    /** Of a table that the role may not read, the server does not tell how wide its rows are. */
    private static final String UNREADABLE = """
            SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^(pg_|information_schema$)'
                AND pg_relation_size(c.oid) >= ? AND NOT has_table_privilege(c.oid, 'SELECT')
            ORDER BY 1
            """;

    private static final String DEAD = "SELECT coalesce(sum(n_dead_tup), 0)::bigint FROM pg_stat_user_tables";

    private record Estimate(String name, long bytes, long needed) {

        long empty() {
            return bytes - needed;
        }

        @Override
        public String toString() {
            return name + " (" + empty() * HUNDRED / bytes + " % of " + ByteSizes.format(bytes) + ")";
        }
    }

    void run() {
        review.fact("databaseBytes", number("SELECT pg_database_size(current_database())"));
        review.fact("deadRows", number(DEAD));
        List<Estimate> tables = bloated(TABLES);
        List<Estimate> indexes = bloated(INDEXES);
        review.fact("bloatedTables", tables.size());
        review.fact("bloatedIndexes", indexes.size());
        review.fact(
                "bloatBytes",
                Stream.concat(tables.stream(), indexes.stream())
                        .mapToLong(Estimate::empty)
                        .sum());
        tell("Tables", tables);
        tell("Indexes", indexes);
        List<String> unreadable = session.rows(UNREADABLE, row -> row.getString(1), order.bloatBytes());
        if (!unreadable.isEmpty()) {
            review.lacks("The role may not read " + unreadable.size() + " large tables ("
                    + Review.first(unreadable)
                    + "), so their bloat is not known. Grant it pg_read_all_data, or SELECT on"
                    + " them.");
        }
    }

    private long number(String query) {
        return Long.parseLong(session.value(query).orElse("0"));
    }

    private List<Estimate> bloated(String query) {
        return session
                .rows(query, row -> new Estimate(row.getString(1), row.getLong(2), row.getLong(3)), order.bloatBytes())
                .stream()
                .filter(found -> found.empty() * HUNDRED >= found.bytes() * order.bloatPercent())
                .sorted((one, other) -> Long.compare(other.empty(), one.empty()))
                .toList();
    }

    private void tell(String what, List<Estimate> found) {
        review.findings(
                what + " of which " + order.bloatPercent() + " % or more is empty by estimate",
                found.stream().map(Estimate::toString).toList());
    }
}
