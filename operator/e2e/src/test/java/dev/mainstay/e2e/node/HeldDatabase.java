package dev.mainstay.e2e.node;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A database in the example shop's server whose dumps stand still behind their tables, until it lets them go: pg_dump reads large
 * objects last, and without a lock of its own on where they are kept. What is done to such a dump finds it in its midst, on a fast
 * machine and on a busy one.
 */
final class HeldDatabase implements AutoCloseable {

    private static final int LARGE_OBJECT = 4711;

    private final ShopDatabase server;
    private final Thread holder;

    private final Set<String> held = new HashSet<>();

    final String name = "held-" + UUID.randomUUID().toString().substring(0, 8);

    /** Creates it. */
    HeldDatabase(ShopDatabase server) {
        this.server = server;
        server.execute("postgres", "CREATE DATABASE \"" + name + "\"");
        server.execute(
                name,
                "CREATE TABLE orders AS SELECT g AS id, (SELECT string_agg(sha512((g || '-' || n)::bytea), '')"
                        + " FROM generate_series(1, 64) n) AS bytes FROM generate_series(1, 2000) g",
                "SELECT lo_from_bytea(" + LARGE_OBJECT + ", '\\x01')",
                "GRANT SELECT ON LARGE OBJECT " + LARGE_OBJECT + " TO backup");
        holder = Thread.ofPlatform()
                .daemon()
                .start(() -> server.tries(
                        "psql",
                        "--no-psqlrc",
                        "--dbname=" + name,
                        "--single-transaction",
                        "--command",
                        "LOCK TABLE pg_largeobject IN ACCESS EXCLUSIVE MODE",
                        "--command",
                        "SELECT pg_sleep(1800)"));
        await("the lock")
                .atMost(NodeShop.PATIENCE)
                .until(() -> !sessions("granted").isEmpty());
    }

    /** Waits until a dump has come to a stand, beside those that were waited for before. */
    void awaitDump() {
        await("a dump stands still")
                .atMost(NodeShop.PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> held.addAll(sessions("NOT granted")));
    }

    /** The processes of the server whose sessions have, or wait for, the lock. */
    private List<String> sessions(String which) {
        return server.ask(
                        name,
                        "SELECT pid FROM pg_locks WHERE relation = 'pg_largeobject'::regclass AND database ="
                                + " (SELECT oid FROM pg_database WHERE datname = current_database()) AND "
                                + which)
                .lines()
                .toList();
    }

    /** Lets dumps come to their end from now on. */
    void release() {
        server.execute(
                "postgres",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name
                        + "' AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()");
        try {
            holder.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Drops it. */
    @Override
    public void close() {
        release();
        server.execute("postgres", "DROP DATABASE \"" + name + "\" WITH (FORCE)");
    }
}
