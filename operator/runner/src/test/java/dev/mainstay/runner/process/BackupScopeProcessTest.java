package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import dev.mainstay.runner.postgres.LockKey;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tables' rows are in a backup, and who may work on the database beside it. */
@Tag("process")
class BackupScopeProcessTest {

    @TempDir
    Path folder;

    @Test
    void rowsOfExcludedTablesAreLeftOutAndTheManifestNamesThem() throws IOException {
        Peers.postgres().execute("postgres", "CREATE DATABASE excluding");
        Peers.postgres()
                .execute(
                        "excluding",
                        "CREATE TABLE kept AS SELECT generate_series(1, 5) AS id",
                        "CREATE TABLE log_1 AS SELECT generate_series(1, 50) AS id",
                        "CREATE TABLE log_2 AS SELECT generate_series(1, 60) AS id",
                        "CREATE TABLE \"Log_3\" AS SELECT generate_series(1, 7) AS id",
                        "CREATE SCHEMA \"Odd \"\"s\"\"\"",
                        "CREATE TABLE \"Odd \"\"s\"\"\".\"Say \"\"hi\"\"\" AS SELECT generate_series(1, 70) AS id");
        Attempt attempt = new Attempt(folder);
        attempt.database = "excluding";
        attempt.excludedTableData = List.of("public.log_*", "Odd \"s\".Say \"hi\"", "public.not_there");

        TaskResult result = attempt.backup();

        assertThat(result.message()).isNull();
        assertThat(result.backup().rows()).isEqualTo(12);
        JsonNode manifest = TaskJson.mapper().readTree(Peers.store().bytes(attempt.path + "manifest.json"));
        assertThat(manifest.at("/excludedTables"))
                .extracting(JsonNode::asText)
                .containsExactly("Odd \"s\".Say \"hi\"", "public.log_1", "public.log_2");
        assertThat(manifest.at("/tables"))
                .extracting(table -> table.path("name").asText())
                .containsExactlyInAnyOrder("public.kept", "public.Log_3");
    }

    @Test
    void whoHasTheDatabaseForItselfIsWaitedForAndThenNamed() throws SQLException {
        Attempt attempt = new Attempt(folder);
        try (Connection other = Peers.postgres().connect("postgres")) {
            other.createStatement().execute("SELECT pg_advisory_lock(" + LockKey.of(Peers.SHOP) + ")");

            TaskResult result = attempt.backup();

            assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
            assertThat(result.reason()).isEqualTo("AnotherRunner");
            assertThat(result.message()).contains("database shop on 127.0.0.1").contains("pg_locks");
        }
        attempt.assertNothingIsLeft();
        assertThat(new Attempt(folder, attempt.policyPath).backup().outcome()).isEqualTo(Outcome.COMMITTED);
    }

    @Test
    void dumpsShareTheLock() throws SQLException {
        try (Connection other = Peers.postgres().connect("postgres")) {
            other.createStatement().execute("SELECT pg_advisory_lock_shared(" + LockKey.of(Peers.SHOP) + ")");

            assertThat(new Attempt(folder).backup().outcome()).isEqualTo(Outcome.COMMITTED);
        }
    }

    @Test
    void theLockIsHeldWhileTheDatabaseIsDumped() {
        Attempt attempt = new Attempt(folder);
        attempt.database = Peers.BIG;
        var result = attempt.begin();
        long server = Peers.postgres().holdWhileCopying("b_second");
        try {
            assertThat(Peers.postgres().query("postgres", "SELECT pg_try_advisory_lock(" + LockKey.of(Peers.BIG) + ")"))
                    .isEqualTo("f");
        } finally {
            PostgresServer.release(server);
        }
        assertThat(result.join().outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(Peers.postgres().query("postgres", "SELECT pg_try_advisory_lock(" + LockKey.of(Peers.BIG) + ")"))
                .isEqualTo("t");
    }

    @Test
    void withoutADatabaseForTheLockABackupIsMadeAllTheSame() {
        Attempt attempt = new Attempt(folder);
        attempt.adminDatabase = "not there";

        assertThat(attempt.backup().outcome()).isEqualTo(Outcome.COMMITTED);
    }
}
