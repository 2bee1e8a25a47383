package dev.mainstay.runner.step;

import dev.mainstay.core.ByteSizes;
import dev.mainstay.core.task.DatabaseReviewWork;
import dev.mainstay.runner.postgres.ServerSession;
import java.util.List;

/** What can stop a whole server: transaction ids that wrap around, and a write-ahead log that fills the disk. */
record ServerReview(ServerSession session, DatabaseReviewWork order, Review review) {

    /** The server refuses to write three million ids before they wrap around. */
    private static final long IDS = (1L << 31) - 3_000_000;

    private static final int HUNDRED = 100;

    private static final String AGE = """
            SELECT greatest(age(datfrozenxid), mxid_age(datminmxid))::bigint
            FROM pg_database WHERE datname = current_database()
            """;

    private static final String OLDEST = """
            SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'm', 't')
            ORDER BY greatest(age(c.relfrozenxid), mxid_age(c.relminmxid)) DESC, 1
            LIMIT 3
            """;

    private static final String SLOTS = """
            SELECT slot_name, active,
                   pg_wal_lsn_diff(
                       CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END,
                       restart_lsn)::bigint AS held
            FROM pg_replication_slots WHERE restart_lsn IS NOT NULL
            ORDER BY held DESC, slot_name
            """;

    private record Slot(String name, boolean active, long bytes) {

        @Override
        public String toString() {
            return name + (active ? "" : ", which nobody reads") + " (" + ByteSizes.format(bytes) + ")";
        }
    }

    void run() {
        long age = Long.parseLong(session.value(AGE).orElse("0"));
        review.fact("transactionIdAge", age);
        if (age * HUNDRED >= IDS * order.wraparoundPercent()) {
            review.finding("The oldest transaction id is " + age * HUNDRED / IDS + " % of the way to the wraparound: "
                    + "VACUUM (FREEZE) the oldest tables, of which "
                    + Review.first(session.rows(OLDEST, row -> row.getString(1)))
                    + " come first, and find what keeps autovacuum from them.");
        }
        List<Slot> slots = session.rows(SLOTS, row -> new Slot(row.getString(1), row.getBoolean(2), row.getLong(3)));
        review.fact("replicationSlots", slots.size());
        review.fact("slotWalBytes", slots.stream().mapToLong(Slot::bytes).max().orElse(0));
        review.findings(
                "Replication slots that hold back " + ByteSizes.format(order.walBytes())
                        + " or more of the write-ahead log",
                slots.stream()
                        .filter(slot -> slot.bytes() >= order.walBytes())
                        .map(Slot::toString)
                        .toList());
    }
}
