package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.restore.DatabaseNames;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.DatabaseMaintainWork;
import dev.mainstay.core.task.DatabaseMaintainWork.Kept;
import dev.mainstay.core.task.DatabaseMaintainWork.Previous;
import dev.mainstay.core.task.DatabaseMaintainWork.Spared;
import dev.mainstay.core.task.RestoreReport.State;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.postgres.LockKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Of all databases of a server, only those are dropped that a restore has kept, and that nobody uses. */
@Tag("process")
@ParameterizedClass
@MethodSource("dev.mainstay.runner.process.Programs#postgresServers")
class PreviousDropProcessTest {

    private static final Instant SINCE = Instant.parse("2026-03-01T02:00:00Z");
    private static final Previous NONE = new Previous(List.of(), List.of());
    private static PostgresServer server;

    @Parameter
    Path programs;

    @TempDir
    Path folder;

    @BeforeParameterizedClassInvocation
    static void start(Path programs) {
        server = new PostgresServer(
                programs, false, null, "autovacuum_naptime=1s", "max_prepared_transactions=5", "wal_level=logical");
        server.execute(
                "postgres",
                "CREATE ROLE app LOGIN PASSWORD 'app'",
                "CREATE ROLE admin LOGIN PASSWORD 'admin' IN ROLE app, pg_monitor, pg_signal_backend",
                "CREATE ROLE stranger LOGIN PASSWORD 'stranger' IN ROLE pg_monitor");
    }

    @AfterParameterizedClassInvocation
    static void end() {
        server.crash();
    }

    /** With the mark that a swap leaves, and no other words for it. */
    @Test
    void givenARestoreHasKeptADatabase_whenItIsDropped_thenItIsGoneAndAnotherTryIsNeedless() {
        database("swapped", null);
        database("swapped_restore", "Mainstay restore uid-0: restored by RestoreRequest shop/zero");
        server.execute("swapped", "CREATE TABLE t AS SELECT g AS id FROM generate_series(1, 1000) g");
        Restore restore = new Restore(folder, "swapped");
        restore.pod.port = server.port();
        restore.mark = "uid-of-swapped";
        restore.copy = "swapped_restore";
        restore.copyIsKept = true;
        restore.previous = DatabaseNames.previous("swapped", restore.mark);
        assertThat(restore.swap().restore().swap().state()).isEqualTo(State.SWAPPED);
        Previous order = new Previous(List.of(kept(restore.previous, restore.mark)), List.of());

        StepReport report = drop("swapped", "admin", order);

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.PASSED);
        assertThat(report.message())
                .startsWith("Dropped kept databases (1): " + restore.previous
                        + ", kept since 2026-03-01T02:00:00Z by RestoreRequest first, ")
                .endsWith(" MiB freed.");
        assertThat(report.facts()).containsEntry("droppedDatabases", 1L).containsEntry("goneDatabases", 0L);
        assertThat(report.facts().get("freedBytes")).isGreaterThan(5L << 20);
        assertThat(exists(restore.previous)).isFalse();
        assertThat(exists("swapped")).isTrue();

        StepReport again = drop("swapped", "admin", order);

        assertThat(again.outcome()).as("%s", again).isEqualTo(StepOutcome.SKIPPED);
        assertThat(again.message()).isEqualTo("There was nothing to be done. Gone already: 1.");
        assertThat(again.facts()).containsEntry("droppedDatabases", 0L).containsEntry("goneDatabases", 1L);
    }

    /** Whatever the order says: the name must be the one that the restore gives, and the comment the one that it left. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            rule         | -                                                                     | it has no comment
            rule         | 'somebody''s notes'                                                   | its comment: somebody's notes
            rule         | Mainstay restore uid-2: kept by RestoreRequest shop/second            | its comment: Mainstay restore uid-2
            rule         | Mainstay restore uid-1: restored by RestoreRequest shop/first         | its comment: Mainstay restore uid-1: restored
            rule         | 'see Mainstay restore uid-1: kept by RestoreRequest shop/first'       | its comment: see
            odd_before_1 | Mainstay restore uid-1: kept by RestoreRequest shop/first             | does not have the name
            odd          | Mainstay restore uid-1: kept by RestoreRequest shop/first             | does not have the name
            accounts     | Mainstay restore uid-1: kept by RestoreRequest shop/first             | does not have the name
            """)
    void givenADatabaseThatNoRestoreHasKept_whenItIsToBeDropped_thenItStaysAndThatIsAFinding(
            String name, String comment, String why) {
        String named = name.equals("rule") ? DatabaseNames.previous("odd", "uid-1") : name;
        database("odd", null);
        database(named, comment);

        StepReport report = drop("odd", "admin", new Previous(List.of(kept(named, "uid-1")), List.of()));

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.FINDINGS);
        assertThat(report.message()).contains("Database " + named + " was not dropped: ", why);
        assertThat(report.facts()).containsEntry("droppedDatabases", 0L);
        assertThat(exists(named)).isTrue();
        assertThat(exists("odd")).isTrue();
        server.execute("postgres", "DROP DATABASE \"" + named + "\"", "DROP DATABASE IF EXISTS odd");
    }

    @Test
    void givenOnesThatAreInUse_whenTheyAreToBeDropped_thenTheyStayWithTheirUserNamedAndTheRestIsDropped()
            throws SQLException {
        database("used", null);
        String session = kept("used", 1);
        String slot = kept("used", 2);
        String prepared = kept("used", 3);
        String free = kept("used", 4);
        server.execute(slot, "SELECT pg_create_logical_replication_slot('reports', 'pgoutput')");
        server.execute(
                prepared, "CREATE TABLE t (id int)", "BEGIN", "INSERT INTO t VALUES (1)", "PREPARE TRANSACTION 'p'");
        Previous order = new Previous(
                List.of(kept(session, "uid-1"), kept(slot, "uid-2"), kept(prepared, "uid-3"), kept(free, "uid-4")),
                List.of());
        try (Connection open = connect("app", session)) {
            String pid = server.query("postgres", "SELECT pid FROM pg_stat_activity WHERE datname = '" + session + "'");

            StepReport report = drop("used", "admin", order);

            assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.FAILED);
            assertThat(report.reason()).isEqualTo(Reason.DATABASE_IN_USE.text());
            assertThat(report.message())
                    .contains("Database " + session + " was not dropped: it is in use by session " + pid + " of app")
                    .contains("Database " + slot
                            + " was not dropped: it would take its logical replication slots with it: reports.")
                    .contains("Database " + prepared + " was not dropped: it has prepared transactions: p.")
                    .contains("Dropped kept databases (1): " + free);
            assertThat(open.isValid(30)).isTrue();
            assertThat(exists(session) && exists(slot) && exists(prepared)).isTrue();
            assertThat(exists(free)).isFalse();
        }
        server.execute(prepared, "ROLLBACK PREPARED 'p'");
        server.execute(slot, "SELECT pg_drop_replication_slot('reports')");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> drop("used", "admin", order).outcome() != StepOutcome.FAILED);
        assertThat(exists(session) || exists(slot) || exists(prepared)).isFalse();
    }

    @Test
    void givenARoleThatDoesNotOwnIt_whenItIsToBeDropped_thenTheGrantIsNamed() {
        database("owned", null);
        String name = kept("owned", 1);

        StepReport report = drop("owned", "stranger", new Previous(List.of(kept(name, "uid-1")), List.of()));

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.FAILED);
        assertThat(report.reason()).isEqualTo(Reason.PERMISSION_DENIED.text());
        assertThat(report.message())
                .isEqualTo("Database " + name
                        + " was not dropped: it belongs to app. Run: GRANT \"app\" TO \"stranger\";");
        assertThat(exists(name)).isTrue();
    }

    @Test
    void givenOnesThatStay_whenTheServerIsLookedAt_thenItIsToldWhichAndWhoseNobodyIs() {
        database("told", null);
        String young = kept("told", 1);
        String nobodys = kept("told", 2);
        kept("another", 3);

        StepReport report =
                drop("told", "admin", new Previous(List.of(), List.of(new Spared(young, "It is too young.", false))));

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.FINDINGS);
        assertThat(report.message())
                .isEqualTo("No RestoreRequest of the application says that it keeps these (1): " + nobodys
                        + ". Their comments tell which one did. When nobody needs them, drop them by hand."
                        + " It is too young.");
        server.execute("postgres", "DROP DATABASE \"" + nobodys + "\"");
        assertThat(drop("told", "admin", new Previous(List.of(), List.of(new Spared(young, "It is too young.", false))))
                        .message())
                .isEqualTo("There was nothing to be done. It is too young.");
        assertThat(drop("told", "admin", new Previous(List.of(), List.of(new Spared(young, "It is odd.", true))))
                        .outcome())
                .isEqualTo(StepOutcome.FINDINGS);
        assertThat(exists(young)).isTrue();
    }

    /** A restore that puts it back takes the lock for itself, and finds it there or gone: never half. */
    @Test
    void givenADrop_whenItIsAtWork_thenNoRestoreCanRenameDatabasesAndTheOtherWayRound() throws Exception {
        database("raced", null);
        String name = kept("raced", 1);
        Previous order = new Previous(List.of(kept(name, "uid-1")), List.of());
        StepAttempt attempt = new StepAttempt(folder);
        DatabaseMaintainWork work = work(attempt, "raced", "admin", order, 600);
        try (Connection holder = server.connect("postgres");
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("COMMENT ON DATABASE \"" + name + "\" IS NULL");
            CompletableFuture<TaskResult> running = CompletableFuture.supplyAsync(() -> attempt.run(work));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> server.query(
                                    "postgres",
                                    "SELECT pid FROM pg_stat_activity WHERE usename = 'admin' AND wait_event_type = 'Lock'")
                            != null);

            assertThat(server.query("postgres", "SELECT pg_try_advisory_lock(" + LockKey.of("raced") + ")"))
                    .isEqualTo("f");
            holder.rollback();
            assertThat(running.get(60, TimeUnit.SECONDS).step().outcome()).isEqualTo(StepOutcome.PASSED);
        }
        String second = kept("raced", 2);
        try (Connection restore = server.connect("postgres");
                Statement statement = restore.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + LockKey.of("raced") + ")");
            StepAttempt other = new StepAttempt(folder);

            TaskResult result = other.run(
                    work(other, "raced", "admin", new Previous(List.of(kept(second, "uid-2")), List.of()), 1));

            assertThat(result.reason()).isEqualTo(Reason.ANOTHER_RUNNER.text());
            assertThat(exists(second)).isTrue();
        }
    }

    @Test
    void givenNothingToBeDropped_thenTheServerIsLookedAtAllTheSame() {
        database("none", null);

        assertThat(drop("none", "admin", NONE).message()).isEqualTo("There was nothing to be done.");
    }

    private StepReport drop(String database, String role, Previous order) {
        StepAttempt attempt = new StepAttempt(folder);
        return attempt.report(work(attempt, database, role, order, 1));
    }

    private static DatabaseMaintainWork work(
            StepAttempt attempt, String database, String role, Previous order, long lockTimeout) {
        return new DatabaseMaintainWork(
                attempt.database(server, database, role), null, order, null, null, null, lockTimeout, 3600);
    }

    private static Kept kept(String name, String mark) {
        return new Kept(name, "first", mark, SINCE);
    }

    /** One that a restore of that number has kept. */
    private static String kept(String database, int number) {
        String name = DatabaseNames.previous(database, "uid-" + number);
        database(name, "Mainstay restore uid-" + number + ": kept by RestoreRequest shop/r-" + number);
        return name;
    }

    private static void database(String name, String comment) {
        if (!exists(name)) {
            server.execute("postgres", "CREATE DATABASE \"" + name + "\" OWNER app");
        }
        if (comment != null) {
            server.execute("postgres", "COMMENT ON DATABASE \"" + name + "\" IS '" + comment.replace("'", "''") + "'");
        }
    }

    private static boolean exists(String name) {
        return server.query("postgres", "SELECT 1 FROM pg_database WHERE datname = '" + name + "'") != null;
    }

    private static Connection connect(String role, String database) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {server.port()});
        source.setDatabaseName(database);
        return source.getConnection(role, role);
    }
}
