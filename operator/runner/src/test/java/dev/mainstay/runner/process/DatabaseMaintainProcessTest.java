package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.DatabaseMaintainWork;
import dev.mainstay.core.task.DatabaseMaintainWork.Indexes;
import dev.mainstay.core.task.DatabaseMaintainWork.Sessions;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.postgres.LockKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What becomes of databases that are kept in shape, and what is left alone. */
@Tag("process")
@ParameterizedClass
@MethodSource("dev.mainstay.runner.process.Programs#postgresServers")
class DatabaseMaintainProcessTest {

    private static final long GIB = 1L << 30;
    private static PostgresServer server;

    @TempDir
    Path folder;

    @Parameter
    Path programs;

    @BeforeParameterizedClassInvocation
    static void start(Path programs) {
        server = new PostgresServer(
                programs, false, null, "autovacuum=off", "max_prepared_transactions=5", "wal_level=logical");
        server.execute(
                "postgres",
                "CREATE ROLE app LOGIN PASSWORD 'app'",
                "CREATE ROLE other LOGIN PASSWORD 'other'",
                "CREATE ROLE admin LOGIN PASSWORD 'admin' IN ROLE app, pg_monitor, pg_signal_backend",
                "CREATE ROLE helpless LOGIN PASSWORD 'helpless'");
    }

    @AfterParameterizedClassInvocation
    static void end() {
        server.crash();
    }

    @Test
    void givenDeadRows_whenVacuumed_thenTheyAreGoneAndTablesOfOthersAreLeftAlone() {
        database("dead");
        server.execute(
                "dead",
                "CREATE SCHEMA \"Odd one\"",
                "CREATE TABLE \"Odd one\".\"T.x\" AS SELECT g AS id FROM generate_series(1, 1000) g",
                "ALTER TABLE \"Odd one\".\"T.x\" OWNER TO app",
                "GRANT USAGE ON SCHEMA \"Odd one\" TO app");
        as(
                "app",
                "dead",
                "CREATE TABLE t AS SELECT g AS id FROM generate_series(1, 10000) g",
                "DELETE FROM t WHERE id > 10");
        counted("dead", "t", 9990);

        StepReport report = maintain("dead", "admin", null, null, List.of(), null);

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.PASSED);
        assertThat(report.message()).isEqualTo("Vacuumed tables (2): 9990 dead rows, now 0.");
        assertThat(report.facts())
                .containsEntry("vacuumedTables", 2L)
                .containsEntry("deadRowsBefore", 9990L)
                .containsEntry("deadRowsAfter", 0L);
        assertThat(server.query("dead", "SELECT count(last_analyze) FROM pg_stat_user_tables"))
                .isEqualTo("2");

        StepReport named =
                maintain("dead", "admin", null, null, List.of("Odd one.T.x", "public.T"), List.of("public.t"));
        assertThat(named.outcome()).isEqualTo(StepOutcome.FAILED);
        assertThat(named.message())
                .startsWith(
                        "vacuum.tables of the step names public.T, and the database has no such table (capitals count).")
                .contains("Vacuumed tables (1)")
                .contains("Analyzed tables (1).");
    }

    @Test
    void givenATableOfAnotherOwner_whenItIsNamed_thenTheRightIsNamed() {
        database("owned");
        server.execute("owned", "CREATE TABLE theirs (id int)", "ALTER DATABASE owned OWNER TO postgres");

        StepReport report = maintain("owned", "admin", null, null, List.of("public.theirs"), null);

        assertThat(report.outcome()).isEqualTo(StepOutcome.FAILED);
        assertThat(report.reason()).isEqualTo(Reason.PERMISSION_DENIED.text());
        assertThat(maintain("owned", "admin", null, null, List.of(), null).outcome())
                .isEqualTo(StepOutcome.SKIPPED);
    }

    @Test
    void givenTheRightToMaintainATable_whenTheServerKnowsIt_thenThatTableIsVacuumedAndReindexed() {
        int major =
                Integer.parseInt(server.query("postgres", "SELECT current_setting('server_version_num')::int / 10000"));
        assumeThat(major).as("MAINTAIN came with 17").isGreaterThanOrEqualTo(17);
        database("granted");
        server.execute(
                "granted",
                "ALTER DATABASE granted OWNER TO postgres",
                "CREATE TABLE granted AS SELECT 1 AS id",
                "CREATE INDEX granted_id ON granted (id)",
                "CREATE TABLE others AS SELECT 1 AS id",
                "GRANT MAINTAIN ON granted TO admin",
                "GRANT USAGE ON SCHEMA public TO admin");

        StepReport report = maintain(
                "granted", "admin", null, new Indexes(false, List.of("public.granted_id"), GIB), List.of(), null);

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.PASSED);
        assertThat(report.message())
                .contains("Reindexed (1): public.granted_id")
                .contains("Vacuumed tables (1)");
        assertThat(server.query("granted", "SELECT relname FROM pg_stat_user_tables WHERE last_vacuum IS NOT NULL"))
                .isEqualTo("granted");
    }

    @Test
    void givenAnInvalidIndex_whenTheRowsAreCorrected_thenItIsRebuiltAndNothingIsLeftOfTheTryBefore()
            throws SQLException {
        database("broken");
        as(
                "app",
                "broken",
                "CREATE TABLE t AS SELECT g AS id FROM generate_series(1, 1000) g",
                "INSERT INTO t VALUES (7)");
        try {
            as("app", "broken", "CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id)");
        } catch (IllegalStateException duplicate) {
            // That is how an invalid one comes about.
        }
        as("app", "broken", "CREATE INDEX theirs_ccnew ON t (id)");
        server.execute("broken", "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'theirs_ccnew'::regclass");

        StepReport twice = maintain("broken", "admin", null, new Indexes(true, List.of(), GIB), null, null);

        assertThat(twice.outcome()).as("%s", twice).isEqualTo(StepOutcome.FINDINGS);
        assertThat(twice.message())
                .contains("has left invalid indexes (1): \"public\".\"theirs_ccnew\"")
                .contains("Index public.t_id can't be built: values that it keeps unique are there more than once.");
        assertThat(indexes("broken")).isEqualTo("t_id,theirs_ccnew");

        as("app", "broken", "DELETE FROM t WHERE ctid = (SELECT max(ctid) FROM t WHERE id = 7)");
        StepReport report = maintain("broken", "admin", null, new Indexes(true, List.of(), GIB), null, null);

        assertThat(report.message()).contains("Reindexed (1): public.t_id (");
        assertThat(report.facts()).containsEntry("reindexed", 1L);
        assertThat(server.query("broken", "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_id'::regclass"))
                .isEqualTo("t");
        assertThat(indexes("broken")).isEqualTo("t_id,theirs_ccnew");
    }

    @Test
    void givenABloatedIndex_whenItIsListed_thenItIsSmallerAndATooLargeOneIsLeft() {
        database("large");
        as(
                "app",
                "large",
                "CREATE TABLE t AS SELECT g AS id FROM generate_series(1, 50000) g",
                "CREATE INDEX small ON t (id)",
                "DELETE FROM t WHERE id % 10 <> 0");
        as("app", "large", "VACUUM t");

        StepReport left =
                maintain("large", "admin", null, new Indexes(false, List.of("public.small"), 1 << 20), null, null);
        assertThat(left.outcome()).isEqualTo(StepOutcome.FINDINGS);
        assertThat(left.message()).contains("more than reindex.maxSize, and was left out.");

        StepReport report =
                maintain("large", "admin", null, new Indexes(false, List.of("public.small"), GIB), null, null);
        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.PASSED);
        assertThat(report.facts().get("reindexedBytesAfter") * 5)
                .isLessThan(report.facts().get("reindexedBytesBefore"));

        StepReport unknown =
                maintain("large", "admin", null, new Indexes(false, List.of("public.none"), GIB), null, null);
        assertThat(unknown.outcome()).isEqualTo(StepOutcome.FAILED);
        assertThat(unknown.message()).contains("has no such index");
    }

    @Test
    void givenALockedTable_whenTheTimeIsOver_thenTheHolderIsNamedAndTheRestIsDone() throws SQLException {
        database("locked");
        as(
                "app",
                "locked",
                "CREATE TABLE held AS SELECT 1 AS id",
                "CREATE INDEX held_id ON held (id)",
                "CREATE TABLE open AS SELECT 1 AS id");
        try (Connection holder = connect("app", "locked");
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE held IN SHARE UPDATE EXCLUSIVE MODE");
            String pid = server.query(
                    "postgres", "SELECT pid FROM pg_locks WHERE mode = 'ShareUpdateExclusiveLock' AND granted");

            StepReport report = maintain(
                    "locked", "admin", null, new Indexes(true, List.of("public.held_id"), GIB), List.of(), null);

            assertThat(report.outcome()).isEqualTo(StepOutcome.FAILED);
            assertThat(report.reason()).isEqualTo(Reason.LOCK_TIMEOUT.text());
            assertThat(report.message())
                    .contains("Table public.held was not vacuumed: it stayed locked")
                    .contains("Index public.held_id was not reindexed")
                    .contains("pid " + pid + " of app")
                    .contains("Vacuumed tables (1)");
        }
        assertThat(indexes("locked")).isEqualTo("held_id");
    }

    /** It locks nothing that a reindex needs at first; the new index waits for its end, and is taken away again. */
    @Test
    void givenATransactionThatUsesTheTable_whenReindexed_thenWhatWasBegunIsTakenAway() throws SQLException {
        database("used");
        as("app", "used", "CREATE TABLE t AS SELECT 1 AS id", "CREATE INDEX t_id ON t (id)");
        try (Connection reader = connect("app", "used");
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("SELECT count(*) FROM pg_class");

            StepReport report =
                    maintain("used", "admin", null, new Indexes(false, List.of("public.t_id"), GIB), null, null);

            assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.FAILED);
            assertThat(report.message()).contains("a transaction that uses it did not end");
            assertThat(report.message()).contains(" of app");
            assertThat(indexes("used")).isEqualTo("t_id");
        }
    }

    @Test
    void givenALongTransaction_thenNothingIsDoneAndItIsNamed() throws SQLException {
        database("busy");
        as("app", "busy", "CREATE TABLE t AS SELECT 1 AS id");
        try (Connection open = connect("app", "busy");
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("SELECT 'secret'");
            String pid = server.query("busy", "SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction'");
            aged("busy", "app");
            StepAttempt attempt = new StepAttempt(folder);

            StepReport report = attempt.report(new DatabaseMaintainWork(
                    attempt.database(server, "busy", "admin"), null, null, List.of(), null, 1, 1));

            assertThat(report.outcome()).isEqualTo(StepOutcome.COULD_NOT_CHECK);
            assertThat(report.message())
                    .contains("nothing was reindexed, vacuumed or analyzed: pid " + pid + " of app, open for ")
                    .doesNotContain("secret");
        }
        assertThat(server.query("busy", "SELECT count(last_vacuum) FROM pg_stat_user_tables"))
                .isEqualTo("0");
        as("app", "busy", "BEGIN", "INSERT INTO t VALUES (2)", "PREPARE TRANSACTION 'p'");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> "t"
                        .equals(server.query(
                                "busy", "SELECT now() - prepared >= interval '1 s' FROM pg_prepared_xacts")));
        StepAttempt attempt = new StepAttempt(folder);
        assertThat(attempt.report(new DatabaseMaintainWork(
                                attempt.database(server, "busy", "admin"), null, null, List.of(), null, 1, 1))
                        .message())
                .contains("prepared transaction of app");
        as("app", "busy", "ROLLBACK PREPARED 'p'");
    }

    @Test
    void givenARowThatSomebodyStillSees_thenWhatVacuumLeavesIsAFinding() throws SQLException {
        database("seen");
        as("app", "seen", "CREATE TABLE t AS SELECT g AS id FROM generate_series(1, 1000) g");
        try (Connection open = connect("app", "seen");
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            open.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("SELECT 1");
            as("app", "seen", "DELETE FROM t WHERE id > 10");
            counted("seen", "t", 990);

            StepReport report = maintain("seen", "admin", null, null, List.of("public.t"), null);

            assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.FINDINGS);
            assertThat(report.message())
                    .contains("Of 990 dead rows 990 could not be taken away: the transaction of pid ")
                    .contains(" of app may still see them.");
        }
    }

    @Test
    void givenIdleSessions_whenTheyAreEnded_thenOnlyThoseOfTheListedRolesAre() throws SQLException {
        database("idle");
        try (Connection idle = connect("app", "idle");
                Connection inTransaction = connect("app", "idle");
                Connection other = connect("other", "idle");
                Connection superuser = server.connect("idle");
                Statement begin = inTransaction.createStatement()) {
            inTransaction.setAutoCommit(false);
            begin.execute("SELECT 1");
            aged("idle", "app");
            StepAttempt attempt = new StepAttempt(folder);

            StepReport report = endIdle(attempt, "idle", "app", "postgres");

            assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.PASSED);
            assertThat(report.message())
                    .startsWith("Ended idle sessions (1): pid ")
                    .endsWith(" of app.");
            await().atMost(Duration.ofSeconds(10)).until(() -> !idle.isValid(1));
            assertThat(inTransaction.isValid(30)).isTrue();
            assertThat(other.isValid(30)).isTrue();
            assertThat(superuser.isValid(30)).isTrue();
        }
    }

    @Test
    void givenARoleThatTheServerDoesNotHave_thenItIsNamed() throws SQLException {
        database("misspelt");
        StepAttempt attempt = new StepAttempt(folder);

        StepReport report = endIdle(attempt, "misspelt", "App", "app");

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.FAILED);
        assertThat(report.message())
                .isEqualTo(
                        "endIdleSessions.users of the step names App, and the server has no such role (capitals count).");
    }

    private static StepReport endIdle(StepAttempt attempt, String database, String... users) throws SQLException {
        Sessions sessions = new Sessions(List.of(users), 1, 3600);
        return attempt.report(new DatabaseMaintainWork(
                attempt.database(server, database, "admin"), sessions, null, null, null, 1, 3600));
    }

    @Test
    void givenARoleThatSeesNothingOrMayEndNobody_thenTheRightsAreNamed() throws SQLException {
        database("rights");
        Sessions sessions = new Sessions(List.of("app"), 1, 1);
        try (Connection idle = connect("app", "rights")) {
            assertThat(idle.isValid(30)).isTrue();
            aged("rights", "app");
            StepAttempt attempt = new StepAttempt(folder);
            DatabaseMaintainWork work = new DatabaseMaintainWork(
                    attempt.database(server, "rights", "helpless"), sessions, null, List.of(), null, 1, 3600);

            StepReport blind = attempt.report(work);
            assertThat(blind.outcome()).isEqualTo(StepOutcome.COULD_NOT_CHECK);
            assertThat(blind.message()).contains("GRANT pg_monitor TO \"helpless\";");

            server.execute("postgres", "GRANT pg_monitor TO helpless");
            StepReport weak = attempt.report(work);
            assertThat(weak.outcome()).isEqualTo(StepOutcome.FAILED);
            assertThat(weak.message()).contains("GRANT pg_signal_backend TO \"helpless\";");
            assertThat(idle.isValid(30)).isTrue();
        }
    }

    @Test
    void givenARestoreThatHasTheDatabase_orAServerThatIsDown_thenNothingIsDone() throws SQLException {
        database("taken");
        StepAttempt attempt = new StepAttempt(folder);
        DatabaseMaintainWork work = new DatabaseMaintainWork(
                attempt.database(server, "taken", "admin"), null, null, List.of(), null, 1, 3600);
        try (Connection restore = server.connect("postgres");
                Statement statement = restore.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + LockKey.of("taken") + ")");
            assertThat(attempt.run(work).reason()).isEqualTo(Reason.ANOTHER_RUNNER.text());
        }
        PostgresServer other = new PostgresServer();
        StepAttempt down = new StepAttempt(folder);
        DatabaseMaintainWork there = new DatabaseMaintainWork(
                down.database(other, "postgres", "admin"), null, null, List.of(), null, 1, 3600);
        other.crash();
        TaskResult result = down.run(there);
        assertThat(result.outcome()).isEqualTo(TaskResult.Outcome.FAILED);
        assertThat(result.reason()).isEqualTo(Reason.CONNECTION_FAILED.text());
    }

    /** As a restore does before it replaces the database; it need not wait for the lock on the server. */
    @Test
    void givenASessionThatIsEnded_whenItWorks_thenTheStepEndsAndKeepsNoRestoreWaiting() throws Exception {
        database("replaced");
        as("app", "replaced", "CREATE TABLE t AS SELECT 1 AS id");
        StepAttempt attempt = new StepAttempt(folder);
        DatabaseMaintainWork work = new DatabaseMaintainWork(
                attempt.database(server, "replaced", "admin"), null, null, List.of(), null, 600, 3600);
        try (Connection holder = connect("app", "replaced");
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE t");
            CompletableFuture<TaskResult> running = CompletableFuture.supplyAsync(() -> attempt.run(work));
            String waits =
                    "FROM pg_stat_activity WHERE datname = 'replaced' AND usename = 'admin' AND wait_event_type = 'Lock'";
            await().atMost(Duration.ofSeconds(30)).until(() -> server.query("postgres", "SELECT pid " + waits) != null);
            assertThat(server.query("postgres", "SELECT pg_try_advisory_lock(" + LockKey.of("replaced") + ")"))
                    .isEqualTo("t");
            server.execute("postgres", "SELECT pg_terminate_backend(pid) " + waits);

            TaskResult result = running.get(30, TimeUnit.SECONDS);
            assertThat(result.outcome()).isEqualTo(TaskResult.Outcome.FAILED);
            assertThat(result.reason()).isEqualTo(Reason.CONNECTION_FAILED.text());
        }
    }

    private StepReport maintain(
            String database,
            String role,
            Sessions sessions,
            Indexes reindex,
            List<String> vacuum,
            List<String> analyze) {
        StepAttempt attempt = new StepAttempt(folder);
        return attempt.report(new DatabaseMaintainWork(
                attempt.database(server, database, role), sessions, reindex, vacuum, analyze, 1, 3600));
    }

    private static void database(String name) {
        server.execute("postgres", "CREATE DATABASE " + name + " OWNER app");
    }

    private static String indexes(String database) {
        return server.query(
                database,
                "SELECT string_agg(c.relname, ',' ORDER BY c.relname) FROM pg_index i JOIN pg_class c ON c.oid ="
                        + " i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'");
    }

    /** The server tells of dead rows some time after they died. */
    private static void counted(String database, String table, long dead) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Long.toString(dead)
                        .equals(server.query(
                                database,
                                "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = '" + table + "'")));
    }

    /** The sessions of a role do nothing since at least a second. */
    private static void aged(String database, String role) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> "t"
                        .equals(server.query(
                                database,
                                "SELECT bool_and(now() - state_change >= interval '1 s') FROM pg_stat_activity WHERE datname ="
                                        + " current_database() AND usename = '" + role + "'")));
    }

    private static void as(String role, String database, String... statements) {
        try (Connection connection = connect(role, database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Connection connect(String role, String database) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {server.port()});
        source.setDatabaseName(database);
        return source.getConnection(role, role);
    }
}
