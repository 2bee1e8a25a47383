package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in rows and settings is told to nobody, whatever the server says of it. */
@Tag("process")
class RestoreDiscretionProcessTest {

    @TempDir
    Path folder;

    private final PostgresServer server = Peers.postgres();
    private final String database = "discreet_" + System.nanoTime();

    @BeforeEach
    void aDatabaseOfCustomers() {
        server.execute("postgres", "CREATE DATABASE " + database);
    }

    @AfterEach
    void clean() {
        server.execute("postgres", "DROP DATABASE " + database + " WITH (FORCE)");
    }

    private Restore restore() {
        Attempt backup = new Attempt(folder)
                .secret("db", "username", PostgresServer.ADMIN)
                .secret("db", "password", PostgresServer.ADMIN_PASSWORD);
        backup.database = database;
        assertThat(backup.backup().message()).isNull();
        return new Restore(folder, backup);
    }

    /** Says much of a customer in a copy, and nothing in the database that is backed up. */
    private static String talkative(String condition) {
        return "CREATE FUNCTION public.known(mail text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN"
                + " IF current_database() LIKE '%restore%' AND " + condition
                + " THEN RAISE WARNING 'asked for %', mail;"
                + " RAISE EXCEPTION E'customer % not found\\nERROR: not even\\n%', mail, mail; END IF;"
                + " RETURN true; END $$";
    }

    private TaskResult failed(String object) {
        TaskResult result = restore().copy();
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.reason()).as(result.message()).isEqualTo("RestoreFailed");
        assertThat(result.message()).contains(object).doesNotContain("jane");
        assertThat(result.logTail()).noneMatch(line -> line.contains("jane"));
        return result;
    }

    @Test
    void whatACheckOfARowSaysStandsInNoMessage() {
        server.execute(
                database,
                talkative("true"),
                "CREATE TABLE customers (mail text CHECK (public.known(mail)))",
                "INSERT INTO customers VALUES ('jane@example.org')");

        TaskResult result = failed("TABLE DATA customers postgres: COPY failed for table \"customers\"");

        assertThat(result.message()).contains("may hold data", "docs/restore-by-hand.md");
        assertThat(result.logTail()).anyMatch(line -> line.contains("COPY failed for table \"customers\""));
    }

    @Test
    void whatAnIndexSaysOfARowStandsInNoMessage() {
        server.execute(
                database,
                talkative("true"),
                "CREATE TABLE customers (mail text)",
                "INSERT INTO customers VALUES ('jane@example.org')",
                "CREATE INDEX customers_known ON customers (public.known(mail))");

        failed("INDEX customers_known postgres: could not execute query");
    }

    @Test
    void whatAViewSaysOfARowStandsInNoMessage() {
        server.execute(
                database,
                "CREATE TABLE customers (mail text)",
                "INSERT INTO customers VALUES ('jane@example.org')",
                "CREATE MATERIALIZED VIEW numbers AS SELECT"
                        + " CASE WHEN current_database() LIKE '%restore%' THEN mail::int END FROM customers");

        assertThat(failed("MATERIALIZED VIEW DATA numbers").message()).contains("no value of its type");
    }

    @Test
    void whatAnalyzingSaysOfARowStandsInNoMessage() {
        server.execute(
                database,
                talkative("current_query() = 'ANALYZE'"),
                "CREATE TABLE customers (mail text)",
                "INSERT INTO customers VALUES ('jane@example.org')",
                "CREATE INDEX customers_known ON customers (public.known(mail))");

        assertThat(failed("ANALYZE: ").message()).contains("SQLSTATE P0001");
    }

    @Test
    void theValueOfARefusedSettingIsNotTold() {
        server.execute(
                "postgres",
                "ALTER DATABASE " + database + " SET work_mem = '8MB'",
                "SET allow_system_table_mods = on",
                // As after a move to a server that knows the setting otherwise.
                "UPDATE pg_db_role_setting SET setconfig = '{work_mem=jane@example.org}' WHERE setdatabase ="
                        + " (SELECT oid FROM pg_database WHERE datname = '" + database + "')");
        server.execute(database, "CREATE TABLE customers (id int)");
        Restore restore = restore();

        TaskResult result = restore.copy();

        assertThat(result.message()).isNull();
        assertThat(result.restore().copy().leftOut())
                .anyMatch(entry -> entry.contains("work_mem") && entry.contains("SQLSTATE 22023"))
                .noneMatch(entry -> entry.contains("jane"));
        assertThat(restore.settle().restore().swap().leftOver()).isNull();
    }
}
