package dev.mainstay.runner.process;

import java.util.function.Supplier;

/** The servers that all process tests share; each is started when the first test needs it. */
final class Peers {

    /** Small database of the tests that look at outcomes. */
    static final String SHOP = "shop";

    /** Database whose dump takes several parts: {@code a_first}, then {@code b_second}. */
    static final String BIG = "big";

    static final String ROLE = "backup";
    static final String PASSWORD = "backup-secret";

    private static final Lazy<PostgresServer> POSTGRES = new Lazy<>(Peers::startPostgres);
    private static final Lazy<StoreServer> STORE = new Lazy<>(() -> new StoreServer(false));

    private Peers() {}

    static PostgresServer postgres() {
        return POSTGRES.get();
    }

    static StoreServer store() {
        return STORE.get();
    }

    private static PostgresServer startPostgres() {
        PostgresServer server = new PostgresServer();
        server.execute(
                "postgres",
                "CREATE ROLE " + ROLE + " LOGIN PASSWORD '" + PASSWORD + "'",
                "GRANT pg_read_all_data TO " + ROLE,
                "CREATE DATABASE " + SHOP,
                "CREATE DATABASE " + BIG,
                "ALTER DATABASE " + SHOP + " SET search_path TO 'app', 'public'",
                "GRANT CONNECT ON DATABASE " + SHOP + " TO " + ROLE);
        server.execute(
                SHOP,
                "CREATE TABLE public.orders (id serial PRIMARY KEY, note text)",
                "INSERT INTO orders (note) SELECT 'note ' || g || E'\\n\\\\.\\n' FROM generate_series(1, 1000) g",
                "CREATE TABLE public.empty (id int)",
                "CREATE SCHEMA \"Odd schema\"",
                "CREATE TABLE \"Odd schema\".\"say \"\"hi\"\" = x\nline two\" (\"Id\" int)",
                "INSERT INTO \"Odd schema\".\"say \"\"hi\"\" = x\nline two\" SELECT generate_series(1, 17)");
        // Incompressible, and the same each time.
        String row = "(SELECT string_agg(sha512((g || '-' || n)::bytea), '') FROM generate_series(1, 64) n)";
        server.execute(
                BIG,
                "CREATE TABLE a_first AS SELECT g AS id, " + row + " AS bytes FROM generate_series(1, 3000) g",
                "CREATE TABLE b_second AS SELECT g AS id, " + row + " AS bytes FROM generate_series(1, 6000) g");
        return server;
    }

    private static final class Lazy<T> {
        private final Supplier<T> start;
        private T value;

        Lazy(Supplier<T> start) {
            this.start = start;
        }

        synchronized T get() {
            if (value == null) {
                value = start.get();
            }
            return value;
        }
    }
}
