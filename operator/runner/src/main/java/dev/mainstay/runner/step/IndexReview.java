package dev.mainstay.runner.step;

import dev.mainstay.core.ByteSizes;
import dev.mainstay.core.Durations;
import dev.mainstay.core.task.DatabaseReviewWork;
import dev.mainstay.runner.postgres.ServerSession;
import java.time.Duration;
import java.util.List;

/** Indexes that cost and serve nobody. They are told of, and never dropped. */
record IndexReview(ServerSession session, DatabaseReviewWork order, Review review) {

    private static final int WITH_PROGRESS = 12;

    private static final String NAME = "quote_ident(n.nspname) || '.' || quote_ident(c.relname)";

    /** A server that was never reset has its statistics at least since it was started. */
    private static final String AGE = """
            SELECT floor(extract(epoch FROM now() - coalesce(stats_reset, pg_postmaster_start_time())))::bigint
            FROM pg_stat_database WHERE datname = current_database()
            """;

    private static final String UNUSED = """
            SELECT %s, pg_relation_size(c.oid) AS size
            FROM pg_stat_user_indexes s
            JOIN pg_index i ON i.indexrelid = s.indexrelid
            JOIN pg_class c ON c.oid = s.indexrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE s.idx_scan = 0 AND i.indisvalid AND NOT i.indisunique AND NOT i.indisexclusion AND NOT i.indisreplident
                AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = c.oid)
                AND pg_relation_size(c.oid) >= ?
            ORDER BY size DESC, 1
            """.formatted(NAME);

    /** All but the names is the same; the first of them is what the others repeat. */
    private static final String DUPLICATE = """
            SELECT string_agg(%s, ' = ' ORDER BY i.indisprimary DESC, i.indisunique DESC, c.relname)
            FROM pg_index i
            JOIN pg_class c ON c.oid = i.indexrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'i' AND n.nspname !~ '^(pg_|information_schema$)' AND i.indisvalid
            GROUP BY i.indrelid, c.relam, i.indkey::text, i.indclass::text, i.indcollation::text, i.indoption::text,
                     coalesce(pg_get_expr(i.indexprs, i.indrelid), ''), coalesce(pg_get_expr(i.indpred, i.indrelid), '')
            HAVING count(*) > 1
            ORDER BY 1
            """.formatted(NAME);

    /** One that is being built is not valid yet. */
    private static final String INVALID = """
            SELECT %s
            FROM pg_index i
            JOIN pg_class c ON c.oid = i.indexrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'i' AND NOT (i.indisvalid AND i.indisready)
            %s
            ORDER BY 1
            """;

    private static final String NOT_BEING_BUILT =
            "AND c.oid NOT IN (SELECT index_relid FROM pg_stat_progress_create_index WHERE index_relid IS NOT NULL)";

    private record Sized(String name, long bytes) {

        @Override
        public String toString() {
            return name + " (" + ByteSizes.format(bytes) + ")";
        }
    }

    void run() {
        invalid();
        List<String> duplicates = session.rows(DUPLICATE, row -> row.getString(1));
        review.fact("duplicateIndexes", duplicates.size());
        review.findings("Indexes that repeat another one", duplicates);
        unused();
    }

    private void invalid() {
        List<String> invalid = session.rows(
                INVALID.formatted(NAME, session.major() < WITH_PROGRESS ? "" : NOT_BEING_BUILT),
                row -> row.getString(1));
        review.fact("invalidIndexes", invalid.size());
        review.findings("Invalid indexes, which cost and serve no query", invalid);
    }

    private void unused() {
        long age = Long.parseLong(session.value(AGE).orElse("0"));
        review.fact("statisticsSeconds", age);
        if (age < order.statisticsSeconds()) {
            review.remark("Unused indexes are not known: the statistics are of the last "
                    + Durations.format(Duration.ofSeconds(age)) + ", and statisticsAge is "
                    + Durations.format(Duration.ofSeconds(order.statisticsSeconds())) + ".");
            return;
        }
        List<Sized> unused =
                session.rows(UNUSED, row -> new Sized(row.getString(1), row.getLong(2)), order.unusedIndexBytes());
        review.fact("unusedIndexes", unused.size());
        review.fact("unusedIndexBytes", unused.stream().mapToLong(Sized::bytes).sum());
        review.findings(
                "Indexes that no query on this server has used for " + Durations.format(Duration.ofSeconds(age))
                        + " (look at its standbys, too)",
                unused.stream().map(Sized::toString).toList());
    }
}
