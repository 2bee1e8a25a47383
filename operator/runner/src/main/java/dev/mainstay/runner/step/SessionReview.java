package dev.mainstay.runner.step;

import dev.mainstay.core.Durations;
import dev.mainstay.core.task.DatabaseReviewWork;
import dev.mainstay.runner.postgres.ServerSession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Connections and transactions. The text of what a session does is never read: it holds values. */
record SessionReview(ServerSession session, DatabaseReviewWork order, Review review) {

    private static final int HUNDRED = 100;

    private static final String LIMITS = """
            SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
                   datconnlimit
            FROM pg_database WHERE datname = current_database()
            """;

    private static final String TAKEN = """
            SELECT count(*) FILTER (WHERE backend_type = 'client backend'),
                   count(*) FILTER (WHERE backend_type = 'client backend' AND datname = current_database())
            FROM pg_stat_activity
            """;

    private static final String TRANSACTIONS = """
            SELECT 'pid ' || pid || ' of ' || usename, floor(extract(epoch FROM now() - xact_start))::bigint AS age
            FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
                AND xact_start IS NOT NULL
            UNION ALL
            SELECT 'prepared transaction of ' || owner, floor(extract(epoch FROM now() - prepared))::bigint
            FROM pg_prepared_xacts WHERE database = current_database()
            ORDER BY age DESC
            """;

    private static final String IDLE = """
            SELECT 'pid ' || pid || ' of ' || usename, floor(extract(epoch FROM now() - state_change))::bigint AS age
            FROM pg_stat_activity
            WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()
            ORDER BY age DESC
            """;

    private record Aged(String name, long seconds) {

        static Aged of(ResultSet row) throws SQLException {
            return new Aged(row.getString(1), row.getLong(2));
        }

        @Override
        public String toString() {
            return name + " (" + Durations.format(Duration.ofSeconds(seconds)) + ")";
        }
    }

    void run(boolean seesAll) {
        if (!seesAll) {
            return;
        }
        connections();
        List<Aged> transactions = session.rows(TRANSACTIONS, Aged::of);
        review.fact(
                "oldestTransactionSeconds",
                transactions.isEmpty() ? 0 : transactions.getFirst().seconds());
        long open = beyond("open transactions", transactions, order.transactionSeconds());
        review.fact("longTransactions", open);
        List<Aged> idle = session.rows(IDLE, Aged::of);
        review.fact(
                "idleInTransaction", beyond("sessions idle in a transaction", idle, order.idleInTransactionSeconds()));
    }

    private void connections() {
        long[] limits = session.rows(LIMITS, row -> new long[] {row.getLong(1), row.getLong(2)})
                .getFirst();
        long[] taken = session.rows(TAKEN, row -> new long[] {row.getLong(1), row.getLong(2)})
                .getFirst();
        review.fact("connections", taken[0]);
        review.fact("maxConnections", limits[0]);
        taken("the server", taken[0], limits[0]);
        if (limits[1] >= 0) {
            taken("the database", taken[1], limits[1]);
        }
    }

    private void taken(String where, long taken, long limit) {
        if (taken * HUNDRED >= limit * order.connectionsPercent()) {
            review.finding(taken + " of " + limit + " connections of " + where + " are taken.");
        }
    }

    private long beyond(String what, List<Aged> found, long seconds) {
        List<String> old = found.stream()
                .filter(one -> one.seconds() >= seconds)
                .map(Aged::toString)
                .toList();
        review.findings(
                Character.toUpperCase(what.charAt(0)) + what.substring(1) + " for "
                        + Durations.format(Duration.ofSeconds(seconds)) + " or longer",
                old);
        return old.size();
    }
}
