package dev.mainstay.runner.process;

import static dev.mainstay.runner.postgres.Identifiers.literal;
import static dev.mainstay.runner.postgres.Identifiers.quoted;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A database that has one of everything which a restore may lose. */
final class RichDatabase {

    static final int TABLES = 5;
    static final long ROWS = 1000 + 300 + 17 + 3;

    private static final String OWNER = "rich owner";
    private static final String READER = "rich-reader";

    final String name;

    RichDatabase(String name) {
        this.name = name;
        PostgresServer server = Peers.postgres();
        for (String role : List.of(OWNER, READER)) {
            if (server.query("postgres", "SELECT 1 FROM pg_roles WHERE rolname = " + literal(role)) == null) {
                server.execute("postgres", "CREATE ROLE " + quoted(role) + " NOLOGIN");
            }
        }
        server.execute(
                "postgres",
                "CREATE DATABASE " + quoted(name) + " OWNER " + quoted(OWNER),
                "COMMENT ON DATABASE " + quoted(name) + " IS 'the shop''s own'",
                "ALTER DATABASE " + quoted(name) + " SET search_path TO 'app', 'public'",
                "ALTER ROLE " + quoted(READER) + " IN DATABASE " + quoted(name) + " SET work_mem TO '5MB'",
                "REVOKE CONNECT ON DATABASE " + quoted(name) + " FROM PUBLIC",
                "GRANT CONNECT ON DATABASE " + quoted(name) + " TO " + quoted(READER));
        server.execute(
                name,
                "CREATE EXTENSION pg_trgm",
                "SET ROLE " + quoted(OWNER),
                "CREATE SCHEMA app",
                "CREATE SCHEMA \"Odd \"\"schema\"\"\"",
                "CREATE TYPE app.state AS ENUM ('new', 'paid')",
                "CREATE TABLE app.orders (id serial PRIMARY KEY, note text NOT NULL, state app.state DEFAULT 'new')",
                "INSERT INTO app.orders (note) SELECT E'note\\n\\t\\\\. ' || g FROM generate_series(1, 1000) g",
                "CREATE INDEX ON app.orders (left(note, 8))",
                "CREATE TABLE app.events (at date NOT NULL, what text) PARTITION BY RANGE (at)",
                "CREATE TABLE app.events_1 PARTITION OF app.events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
                "CREATE TABLE app.events_2 PARTITION OF app.events DEFAULT",
                "INSERT INTO app.events SELECT date '2026-01-01' + g % 60, 'e' || g FROM generate_series(1, 300) g",
                "CREATE TABLE \"Odd \"\"schema\"\"\".\"say \"\"hi\"\"; x\" (\"Id\" int)",
                "INSERT INTO \"Odd \"\"schema\"\"\".\"say \"\"hi\"\"; x\" SELECT generate_series(1, 17)",
                "CREATE TABLE app.secrets (who name, what text)",
                "INSERT INTO app.secrets VALUES ('a', '1'), ('b', '2'), ('c', '3')",
                "ALTER TABLE app.secrets ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY own ON app.secrets FOR SELECT TO " + quoted(READER) + " USING (who = current_user)",
                "CREATE TABLE app.empty (id bigint GENERATED ALWAYS AS IDENTITY, v numeric DEFAULT 1.5)",
                "CREATE VIEW app.new_orders AS SELECT id FROM app.orders WHERE state = 'new'",
                "CREATE MATERIALIZED VIEW app.sums AS SELECT state, count(*) FROM app.orders GROUP BY 1",
                "CREATE FUNCTION app.twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2'",
                "CREATE SEQUENCE app.numbers START 7 INCREMENT 3",
                "SELECT nextval('app.numbers'), nextval('app.numbers')",
                "GRANT USAGE ON SCHEMA app TO " + quoted(READER),
                "GRANT SELECT ON app.orders TO " + quoted(READER) + " WITH GRANT OPTION",
                "GRANT SELECT (who) ON app.secrets TO " + quoted(READER),
                "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO " + quoted(READER),
                "COMMENT ON TABLE app.orders IS 'what was ordered'",
                "SELECT lo_from_bytea(4711, '\\x00ff10')",
                "RESET ROLE");
    }

    /** What a mistake does. */
    void spoil() {
        Peers.postgres().execute(name, "DELETE FROM app.orders", "DROP VIEW app.new_orders", "DROP TABLE app.secrets");
    }

    boolean isSpoilt(String database) {
        return "0".equals(Peers.postgres().query(database, "SELECT count(*) FROM app.orders"));
    }

    void drop() {
        Peers.postgres().execute("postgres", "DROP DATABASE IF EXISTS " + quoted(name) + " WITH (FORCE)");
    }

    /** What one has and the other hasn't, or has otherwise. */
    static Map<String, String> differences(Map<String, String> before, Map<String, String> after) {
        Map<String, String> differences = new TreeMap<>();
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        names.stream()
                .filter(name -> !Objects.equals(before.get(name), after.get(name)))
                .forEach(name -> differences.put(name, before.get(name) + " != " + after.get(name)));
        return differences;
    }

    /** All that can be told of a database, rows by their hash. */
    TreeMap<String, String> contents(String database) {
        TreeMap<String, String> contents = new TreeMap<>();
        try (Connection connection = Peers.postgres().connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = pg_catalog");
            for (String query : QUERIES) {
                collect(statement, query, contents);
            }
            TreeMap<String, String> tables = new TreeMap<>();
            collect(
                    statement,
                    "SELECT oid::regclass::text, CASE relkind WHEN 'S' THEN 'last_value, is_called' ELSE '*' END FROM"
                            + " pg_class WHERE relkind IN ('r', 'm', 'S') AND"
                            + " relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('app', 'Odd \"schema\"'))",
                    tables);
            for (String table : tables.keySet()) {
                collect(
                        statement,
                        "SELECT 'rows of ' || " + literal(table)
                                + ", md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM (SELECT "
                                + tables.get(table) + " FROM " + table + ") t",
                        contents);
            }
            return contents;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void collect(Statement statement, String query, TreeMap<String, String> contents)
            throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                contents.put(rows.getString(1), rows.getString(2));
            }
        }
    }

    private static final String OURS =
            " IN (SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')";

    private static final List<String> QUERIES = List.of(
            "SELECT concat('relation ', oid::regclass), concat_ws(' ', relkind, relowner::regrole, relrowsecurity,"
                    + " (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(relacl) a),"
                    + " obj_description(oid, 'pg_class')) FROM pg_class WHERE relnamespace" + OURS,
            "SELECT concat('column ', attrelid::regclass, '.', attname), concat_ws(' ', format_type(atttypid, atttypmod),"
                    + " attnotnull, (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = attrelid AND"
                    + " adnum = attnum), attacl) FROM pg_attribute JOIN pg_class c ON c.oid ="
                    + " attrelid WHERE attnum > 0 AND NOT attisdropped AND relnamespace" + OURS,
            "SELECT concat('view ', oid::regclass), pg_get_viewdef(oid) FROM pg_class WHERE relkind IN ('v', 'm') AND"
                    + " relnamespace" + OURS,
            "SELECT concat('constraint ', conrelid::regclass, ' ', conname), pg_get_constraintdef(oid) FROM pg_constraint"
                    + " WHERE connamespace" + OURS,
            "SELECT concat('index ', indexrelid::regclass), pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON"
                    + " c.oid = indexrelid WHERE relnamespace" + OURS,
            "SELECT concat('function ', oid::regprocedure), concat_ws(' ', proowner::regrole, prosrc) FROM pg_proc"
                    + " WHERE pronamespace" + OURS,
            "SELECT concat('schema ', nspname), concat_ws(' ', nspowner::regrole, nspacl) FROM pg_namespace WHERE"
                    + " oid" + OURS,
            "SELECT concat('type ', oid::regtype), typowner::regrole::text FROM pg_type WHERE typnamespace" + OURS,
            "SELECT concat('policy ', polname), concat_ws(' ', polroles::regrole[], pg_get_expr(polqual, polrelid)) FROM"
                    + " pg_policy",
            "SELECT 'default grants', string_agg(concat(defaclrole::regrole, defaclacl), ',') FROM pg_default_acl",
            "SELECT concat('extension ', extname), extversion FROM pg_extension",
            "SELECT concat('large object ', oid), concat_ws(' ', lomowner::regrole, md5(lo_get(oid))) FROM"
                    + " pg_largeobject_metadata",
            "SELECT 'owner', datdba::regrole::text FROM pg_database WHERE datname = current_database()",
            "SELECT 'grants', (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(datacl) a) FROM pg_database"
                    + " WHERE datname = current_database()",
            "SELECT concat('setting of ', setrole::regrole), setconfig::text FROM pg_db_role_setting JOIN pg_database d ON"
                    + " d.oid = setdatabase WHERE datname = current_database()");
}
