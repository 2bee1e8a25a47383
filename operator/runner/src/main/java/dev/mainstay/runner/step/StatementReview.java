package dev.mainstay.runner.step;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.core.Durations;
import dev.mainstay.core.task.DatabaseReviewWork;
import dev.mainstay.runner.postgres.ServerSession;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Queries that are slow on average, by pg_stat_statements, where the database has it. */
record StatementReview(ServerSession session, DatabaseReviewWork order, Review review) {

    private static final int LONGEST = 90;
    private static final double MILLIS = 1000.0;
    private static final String NOT_LOADED = "55000";

    private static final String EXTENSION = """
            SELECT n.nspname,
                   EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'mean_exec_time')
            FROM pg_extension e
            JOIN pg_namespace n ON n.oid = e.extnamespace
            JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'pg_stat_statements'
            WHERE e.extname = 'pg_stat_statements'
            """;

    /** What is no query may carry a password, and has its values in the text. */
    private static final String SLOW = """
            SELECT query, calls, %2$s
            FROM %1$s.pg_stat_statements
            WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND %2$s >= ?
                AND query ~* '^\\s*(/\\*.*?\\*/\\s*)*(select|insert|update|delete|merge|with)\\M'
            ORDER BY %2$s * calls DESC
            """;

    private record Extension(String schema, String mean) {}

    private record Slow(String query, long calls, double millis) {

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%.1f s in the mean of %d calls: %s",
                    millis / MILLIS,
                    calls,
                    MaskedSql.of(query, LONGEST));
        }
    }

    void run(boolean seesAll) {
        Optional<Extension> extension = session
                .rows(
                        EXTENSION,
                        row -> new Extension(row.getString(1), row.getBoolean(2) ? "mean_exec_time" : "mean_time"))
                .stream()
                .findFirst();
        if (extension.isEmpty()) {
            review.remark("Slow queries are not known: the database has no extension pg_stat_statements.");
            return;
        }
        if (seesAll) {
            slow(extension.get());
        }
    }

    private void slow(Extension extension) {
        try {
            List<Slow> slow = session.ask(
                    SLOW.formatted(quoted(extension.schema()), extension.mean()),
                    row -> new Slow(row.getString(1), row.getLong(2), row.getDouble(3)),
                    order.slowQuerySeconds() * MILLIS);
            review.fact("slowQueries", slow.size());
            review.findings(
                    "Queries that take " + Durations.format(Duration.ofSeconds(order.slowQuerySeconds()))
                            + " or longer on average",
                    slow.stream().map(Slow::toString).toList());
        } catch (SQLException e) {
            if (!NOT_LOADED.equals(e.getSQLState())) {
                throw session.failure("pg_stat_statements can't be read", e);
            }
            review.remark(
                    "Slow queries are not known: pg_stat_statements is not in shared_preload_libraries of the server.");
        }
    }
}
