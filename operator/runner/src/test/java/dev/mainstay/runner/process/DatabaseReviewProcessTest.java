package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.DatabaseReviewWork;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.Task.DatabaseTarget;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a look at a database finds, in servers that have it. */
@Tag("process")
class DatabaseReviewProcessTest {

    private static final long KIB = 1024;
    private static PostgresServer server;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        server = new PostgresServer(
                Programs.postgres(),
                false,
                null,
                "shared_preload_libraries=pg_stat_statements",
                "wal_level=logical",
                "max_prepared_transactions=5",
                "autovacuum=off");
        server.execute(
                "postgres",
                "CREATE ROLE looker LOGIN PASSWORD 'looker' IN ROLE pg_monitor, pg_read_all_data",
                "CREATE ROLE blind LOGIN PASSWORD 'blind'",
                "CREATE ROLE app LOGIN PASSWORD 'app'");
    }

    @Test
    void givenAQuietDatabase_thenItPassesAndTellsWhatItMeasured() {
        server.execute("postgres", "CREATE DATABASE quiet");
        server.execute("quiet", "CREATE EXTENSION pg_stat_statements", "CREATE TABLE t AS SELECT 1 AS id");

        StepReport report = look("quiet", "looker");

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.PASSED);
        assertThat(report.message()).startsWith("Nothing of database quiet is beyond the thresholds of the step.");
        assertThat(report.facts())
                .containsEntry("maxConnections", 97L)
                .containsEntry("slowQueries", 0L)
                .containsEntry("invalidIndexes", 0L)
                .containsEntry("replicationSlots", 0L)
                .containsKeys(
                        "connections", "databaseBytes", "transactionIdAge", "deadRows", "oldestTransactionSeconds");
    }

    @Test
    void givenIndexesThatServeNobody_thenEachKindIsNamed() {
        server.execute("postgres", "CREATE DATABASE indexed");
        server.execute(
                "indexed",
                "CREATE TABLE orders AS SELECT g AS id, g % 7 AS kind, 'n' || g AS note FROM generate_series(1, 20000) g",
                "CREATE INDEX orders_note ON orders (note)",
                "CREATE INDEX orders_kind ON orders (kind)",
                "CREATE INDEX \"Orders again\" ON orders (kind)",
                "CREATE UNIQUE INDEX orders_id ON orders (id)",
                "CREATE INDEX orders_used ON orders (id, note)");
        try {
            server.execute("indexed", "CREATE UNIQUE INDEX CONCURRENTLY orders_twice ON orders (kind)");
        } catch (IllegalStateException duplicate) {
            // That is how an invalid one comes about.
        }
        used("indexed", "SELECT note FROM orders WHERE id = 7 AND note = 'n7'", "orders_used");

        StepReport report = look("indexed", "looker");

        assertThat(report.outcome()).isEqualTo(StepOutcome.FINDINGS);
        assertThat(report.message())
                .contains("Invalid indexes, which cost and serve no query (1): public.orders_twice.")
                .contains("Indexes that repeat another one (1): public.\"Orders again\" = public.orders_kind.")
                .contains("Indexes that no query on this server has used")
                .contains("public.orders_note (")
                .doesNotContain("public.orders_used (")
                .doesNotContain("public.orders_id (");
        assertThat(report.facts())
                .containsEntry("invalidIndexes", 1L)
                .containsEntry("duplicateIndexes", 1L)
                .containsEntry("unusedIndexes", 3L);
    }

    @Test
    void givenStatisticsThatAreTooYoung_thenItIsSaidThatUnusedIndexesAreNotKnown() {
        server.execute("postgres", "CREATE DATABASE young");
        server.execute(
                "young",
                "CREATE TABLE t AS SELECT g AS id FROM generate_series(1, 20000) g",
                "CREATE INDEX i ON t (id)");
        StepAttempt attempt = new StepAttempt(folder);

        StepReport report =
                attempt.report(order(attempt.database(server, "young", "looker"), 3600, 86_400, 1, 8 * KIB, 1L << 30));

        assertThat(report.outcome()).isEqualTo(StepOutcome.PASSED);
        assertThat(report.message()).contains("Unused indexes are not known: the statistics are of the last");
        assertThat(report.facts()).doesNotContainKey("unusedIndexes");
    }

    @Test
    void givenARowOfWhichMostIsGone_thenTableAndIndexAreBloatedAndOthersAreNot() {
        server.execute("postgres", "CREATE DATABASE bloated");
        server.execute(
                "bloated",
                "CREATE TABLE full_one AS SELECT g AS id, 'note ' || g AS note FROM generate_series(1, 50000) g",
                "CREATE TABLE empty_one AS SELECT * FROM full_one",
                "ALTER TABLE full_one ADD PRIMARY KEY (id)",
                "ALTER TABLE empty_one ADD PRIMARY KEY (id)",
                "DELETE FROM empty_one WHERE id % 10 <> 0");
        server.execute("bloated", "VACUUM ANALYZE full_one");
        server.execute("bloated", "VACUUM ANALYZE empty_one");

        StepReport report = look("bloated", "looker");

        assertThat(report.message())
                .containsPattern(
                        "Tables of which 50 % or more is empty by estimate \\(1\\): public.empty_one \\((8[5-9]|9[0-3]) % of 2\\.[0-9]+ MiB\\)\\.")
                .containsPattern("Indexes of which 50 % or more is empty by estimate \\(1\\): public.empty_one_pkey");
        assertThat(report.facts()).containsEntry("bloatedTables", 1L).containsEntry("bloatedIndexes", 1L);
        assertThat(report.facts().get("bloatBytes")).isGreaterThan(2_000_000);
    }

    @Test
    void givenTransactionsThatStayOpen_thenTheyAreNamedByPidAndUserAndNotByWhatTheyDo() throws SQLException {
        server.execute("postgres", "CREATE DATABASE busy");
        server.execute(
                "busy", "CREATE TABLE t (id int)", "BEGIN", "INSERT INTO t VALUES (1)", "PREPARE TRANSACTION 'p'");
        try (Connection open = server.connect("busy");
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("SELECT 'secret-of-a-row'");
            String pid = server.query("busy", "SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction'");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> "t"
                            .equals(server.query(
                                    "busy",
                                    "SELECT now() - state_change >= interval '1 s' FROM pg_stat_activity WHERE state"
                                            + " = 'idle in transaction'")));

            StepReport report = look("busy", "looker");

            assertThat(report.message())
                    .contains("Open transactions for 1s or longer (2): ")
                    .contains("prepared transaction of postgres")
                    .contains("Sessions idle in a transaction for 1s or longer (1): pid " + pid + " of postgres (")
                    .doesNotContain("secret");
            assertThat(report.facts()).containsEntry("longTransactions", 2L).containsEntry("idleInTransaction", 1L);
        } finally {
            server.execute("busy", "ROLLBACK PREPARED 'p'");
        }
    }

    @Test
    void givenSlowQueries_thenTheirTextHasNoValuesAndStatementsThatAreNoQueriesAreLeftOut() {
        server.execute("postgres", "CREATE DATABASE slow");
        server.execute(
                "slow",
                "CREATE SCHEMA stats",
                "CREATE EXTENSION pg_stat_statements SCHEMA stats",
                "/* secret comment */ SELECT pg_sleep(1.1), 'secret-literal'",
                "DO $$ BEGIN PERFORM pg_sleep(1.1); RAISE NOTICE 'secret'; END $$");

        StepReport report = look("slow", "looker");

        assertThat(report.outcome()).isEqualTo(StepOutcome.FINDINGS);
        assertThat(report.message())
                .contains(
                        "Queries that take 1s or longer on average (1): 1.1 s in the mean of 1 calls: SELECT pg_sleep($1), $2.")
                .doesNotContain("secret");
        assertThat(report.facts()).containsEntry("slowQueries", 1L);
    }

    @Test
    void givenNoPgStatStatements_thenThatIsSaidAndNothingFails() {
        server.execute("postgres", "CREATE DATABASE plain");
        assertThat(look("plain", "looker")).satisfies(report -> {
            assertThat(report.outcome()).isEqualTo(StepOutcome.PASSED);
            assertThat(report.message()).contains("the database has no extension pg_stat_statements.");
        });

        PostgresServer other = Peers.postgres();
        other.execute(
                "postgres",
                "CREATE DATABASE unloaded",
                "CREATE ROLE looker LOGIN PASSWORD 'looker' IN ROLE pg_monitor, pg_read_all_data");
        other.execute("unloaded", "CREATE EXTENSION pg_stat_statements");
        StepAttempt attempt = new StepAttempt(folder);
        StepReport report = attempt.report(order(attempt.database(other, "unloaded", "looker")));
        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.PASSED);
        assertThat(report.message()).contains("pg_stat_statements is not in shared_preload_libraries of the server.");
    }

    @Test
    void givenARoleWithoutRights_thenItCouldNotCheckAndNamesThem() {
        server.execute("postgres", "CREATE DATABASE closed");
        server.execute(
                "closed",
                "CREATE EXTENSION pg_stat_statements",
                "CREATE TABLE t AS SELECT g AS id FROM generate_series(1, 20000) g");

        StepReport report = look("closed", "blind");

        assertThat(report.outcome()).isEqualTo(StepOutcome.COULD_NOT_CHECK);
        assertThat(report.reason()).isEqualTo(Reason.PERMISSION_DENIED.text());
        assertThat(report.message())
                .contains("Run: GRANT pg_monitor TO \"blind\";")
                .contains("The role may not read 1 large tables (public.t)")
                .contains("Grant it pg_read_all_data");
        assertThat(report.facts())
                .doesNotContainKeys("connections", "slowQueries")
                .containsKey("databaseBytes");

        server.execute("closed", "GRANT pg_monitor, pg_read_all_data TO blind");
        assertThat(look("closed", "blind").outcome()).isEqualTo(StepOutcome.PASSED);
    }

    @Test
    void givenASlotThatNobodyReads_thenItIsTold() {
        server.execute("postgres", "CREATE DATABASE slots");
        server.execute(
                "slots",
                "SELECT pg_create_physical_replication_slot('left_behind', true)",
                "CREATE TABLE t AS SELECT g, repeat('x', 200) FROM generate_series(1, 10000) g");
        StepAttempt attempt = new StepAttempt(folder);
        try {
            StepReport report = attempt.report(
                    order(attempt.database(server, "slots", "looker"), 3600, 3600, 1, 1L << 40, 1 << 20));

            assertThat(report.outcome()).isEqualTo(StepOutcome.FINDINGS);
            assertThat(report.message()).contains("of the write-ahead log (1): left_behind, which nobody reads (");
            assertThat(report.facts().get("slotWalBytes")).isGreaterThan(1 << 20);
        } finally {
            server.execute("slots", "SELECT pg_drop_replication_slot('left_behind')");
        }
    }

    @Test
    void givenAsManyConnectionsAsAllowed_thenThatIsTold() throws SQLException {
        server.execute("postgres", "CREATE DATABASE crowded CONNECTION LIMIT 2");
        try (Connection one = server.connect("crowded")) {
            assertThat(one.isValid(1)).isTrue();
            StepReport report = look("crowded", "looker");

            assertThat(report.outcome()).isEqualTo(StepOutcome.FINDINGS);
            assertThat(report.message()).contains("2 of 2 connections of the database are taken.");
        }
    }

    @Test
    void givenAServerThatIsDown_orATooLateStart_thenItSaysSoWithoutAReport() {
        StepAttempt attempt = new StepAttempt(folder);
        DatabaseTarget up = attempt.database(server, "postgres", "looker");
        DatabaseTarget down = new DatabaseTarget(
                up.host(), Programs.freePort(), "postgres", "postgres", "prefer", up.credentials(), null, null);

        TaskResult result = attempt.run(order(down));
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.reason()).isEqualTo(Reason.CONNECTION_FAILED.text());
        assertThat(result.step()).isNull();

        attempt.startBy = Instant.now().minusSeconds(1);
        assertThat(attempt.run(order(up)).reason()).isEqualTo(Reason.DEADLINE_EXCEEDED.text());
    }

    private StepReport look(String database, String role) {
        StepAttempt attempt = new StepAttempt(folder);
        return attempt.report(order(attempt.database(server, database, role)));
    }

    /** Everything counts from one second and one page on. */
    private static DatabaseReviewWork order(DatabaseTarget database) {
        return order(database, 1, 0, 1, 16 * KIB, 1L << 30);
    }

    private static DatabaseReviewWork order(
            DatabaseTarget database, long seconds, long statistics, long slow, long bytes, long wal) {
        return new DatabaseReviewWork(database, 80, seconds, seconds, slow, bytes, statistics, 50, bytes, 50, wal);
    }

    /** The server tells of the use of an index some time after it. */
    private static void used(String database, String query, String index) {
        server.execute(database, "SET enable_seqscan = off", query);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> "1"
                        .equals(server.query(
                                database,
                                "SELECT least(idx_scan, 1) FROM pg_stat_user_indexes WHERE indexrelname = '" + index
                                        + "'")));
    }
}
