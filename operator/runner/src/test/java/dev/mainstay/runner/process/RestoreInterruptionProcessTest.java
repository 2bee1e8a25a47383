package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.RestoreReport.State;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import dev.mainstay.runner.postgres.LockKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Restores that are killed, told to end, or disturbed; and whoever uses the database meanwhile. */
@Tag("process")
class RestoreInterruptionProcessTest {

    private static final int SESSIONS = 50;

    @TempDir
    Path folder;

    private final PostgresServer server = Peers.postgres();
    private String database;
    private Restore restore;

    @BeforeEach
    void aBackup(TestInfo test) {
        boolean held = test.getTags().contains("held");
        database = "busy_" + System.nanoTime();
        server.execute("postgres", "CREATE DATABASE " + database);
        server.execute(
                database,
                "CREATE TABLE a_small AS SELECT generate_series(1, 10) AS id",
                // In a copy, and only there, its one row takes long enough to be met.
                "CREATE FUNCTION slow(int) RETURNS bool LANGUAGE sql AS $$ SELECT true FROM (SELECT pg_sleep(CASE WHEN"
                        + " current_database() LIKE '%restore%' THEN " + (held ? 5 : 0) + " ELSE 0 END)) s $$",
                "CREATE TABLE b_slow (id int CHECK (public.slow(id)))",
                "INSERT INTO b_slow VALUES (1)",
                "CREATE TABLE c_large AS SELECT g AS id, md5(g::text) AS text FROM generate_series(1, 20000) g",
                "CREATE TABLE written (id bigint)");
        Attempt backup = new Attempt(folder)
                .secret("db", "username", PostgresServer.ADMIN)
                .secret("db", "password", PostgresServer.ADMIN_PASSWORD);
        backup.database = database;
        TaskResult result = backup.backup();
        assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.COMMITTED);
        restore = new Restore(folder, backup);
    }

    @AfterEach
    void clean() {
        for (String name : List.of(restore.copy, restore.previous, database)) {
            server.execute("postgres", "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        }
    }

    private boolean exists(String name) {
        return server.query("postgres", "SELECT 1 FROM pg_database WHERE datname = '" + name + "'") != null;
    }

    private boolean isOpen(String name) {
        return "t"
                .equals(server.query(
                        "postgres", "SELECT datallowconn FROM pg_database WHERE datname = '" + name + "'"));
    }

    private void assertAsBefore() {
        assertThat(exists(restore.copy)).as("a copy is left").isFalse();
        assertThat(exists(restore.previous)).as("a previous one").isFalse();
        assertThat(isOpen(database)).as("it takes connections").isTrue();
        assertThat(server.query(database, "SELECT count(*) FROM c_large")).isEqualTo("20000");
        await().atMost(Duration.ofSeconds(20)).until(() -> Attempt.children().isEmpty());
        assertThat(server.query(
                        "postgres",
                        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND (classid::bigint << 32) +"
                                + " objid::bigint = " + LockKey.of(database)))
                .isEqualTo("0");
    }

    /** A pg_restore that is in the middle, held there by its server process. */
    private long holdWhileRestoring() {
        return server.holdWhileCopying("b_slow");
    }

    @Test
    @Tag("held")
    void aKilledPodLeavesWhatASettlingRemoves() throws Exception {
        Process pod = restore.pod.pod(
                restore.task(TaskKind.RESTORE_COPY), folder.resolve("termination-log"), folder.resolve("log"));
        long held = holdWhileRestoring();
        pod.destroyForcibly().waitFor();
        PostgresServer.release(held);
        assertThat(exists(restore.copy)).isTrue();

        Restore settle = restore.again(folder);
        TaskResult settled = settle.settle();

        assertThat(settled.message()).isNull();
        assertThat(settled.restore().swap().state()).isEqualTo(State.NOT_SWAPPED);
        assertAsBefore();
    }

    @Test
    @Tag("held")
    void aDeletedPodDropsItsCopyAndSaysSo() throws Exception {
        Path message = folder.resolve("termination-log");
        Process pod = restore.pod.pod(restore.task(TaskKind.RESTORE_COPY), message, folder.resolve("log"));
        long held = holdWhileRestoring();
        pod.destroy();
        PostgresServer.release(held);

        assertThat(pod.waitFor(25, TimeUnit.SECONDS)).isTrue();
        assertThat(pod.exitValue()).isNotZero();
        TaskResult result = TaskJson.readResult(Files.readString(message)).orElseThrow();
        assertThat(result.reason()).isEqualTo("Cancelled");
        assertThat(result.message()).contains("while restoring, ", "The copy was dropped");
        assertThat(Files.readString(folder.resolve("log")))
                .contains("restore-copy of shop/restore-" + restore.id)
                .doesNotContain(PostgresServer.ADMIN_PASSWORD, StoreServer.SECRET_KEY)
                .doesNotContain("Exception");
        assertAsBefore();
    }

    @Test
    @Tag("held")
    void aTimeoutDropsTheCopy() {
        CompletableFuture<TaskResult> running = restore.begin(TaskKind.RESTORE_COPY);
        long held = holdWhileRestoring();
        restore.pod.stop.stop(dev.mainstay.core.status.Reason.DEADLINE_EXCEEDED, "too long");
        PostgresServer.release(held);

        TaskResult result = running.join();

        assertThat(result.reason()).isEqualTo("DeadlineExceeded");
        assertThat(result.message()).startsWith("too long (while restoring, ").contains("The copy was dropped");
        assertAsBefore();
    }

    @Test
    @Tag("held")
    void aKilledPgRestoreFailsTheCopy() {
        CompletableFuture<TaskResult> running = restore.begin(TaskKind.RESTORE_COPY);
        long held = holdWhileRestoring();
        ProcessHandle.current()
                .descendants()
                .filter(p -> p.info().command().orElse("").endsWith("/pg_restore"))
                .forEach(ProcessHandle::destroyForcibly);
        PostgresServer.release(held);

        TaskResult result = running.join();

        assertThat(result.reason()).as(result.message()).isEqualTo("RestoreFailed");
        assertThat(result.message()).contains("ended by signal 9", "The copy was dropped");
        assertAsBefore();
    }

    @Test
    @Tag("held")
    void aServerSessionThatIsEndedFailsTheCopy() {
        CompletableFuture<TaskResult> running = restore.begin(TaskKind.RESTORE_COPY);
        long held = holdWhileRestoring();
        server.execute("postgres", "SELECT pg_terminate_backend(" + held + ")");
        PostgresServer.release(held);

        TaskResult result = running.join();

        assertThat(result.reason()).as(result.message()).isEqualTo("ConnectionFailed");
        assertAsBefore();
    }

    @Test
    @Tag("held")
    void twoCopiesAtOnceAreOne() {
        CompletableFuture<TaskResult> first = restore.begin(TaskKind.RESTORE_COPY);
        long held = holdWhileRestoring();

        TaskResult second = restore.again(folder).copy();
        PostgresServer.release(held);

        assertThat(second.reason()).as(second.message()).isEqualTo("AnotherRunner");
        assertThat(first.join().message()).isNull();
        assertThat(server.query(restore.copy, "SELECT count(*) FROM c_large")).isEqualTo("20000");
    }

    @Test
    @Tag("held")
    void aSettlingWaitsForARunnerThatLives() {
        CompletableFuture<TaskResult> running = restore.begin(TaskKind.RESTORE_COPY);
        long held = holdWhileRestoring();

        TaskResult settled = restore.again(folder).settle();
        PostgresServer.release(held);

        assertThat(settled.reason()).as(settled.message()).isEqualTo("AnotherRunner");
        assertThat(running.join().message()).isNull();
    }

    @Test
    void aPodKilledBehindTheFenceLeavesWhatASettlingOpens() throws Exception {
        assertThat(restore.copy().message()).isNull();
        // A session that does not end holds the swap where the fence stands.
        try (Connection session = server.connect(database)) {
            long stuck = pid(session);
            PostgresServer.signal("STOP", stuck);
            Process pod = restore.pod.pod(
                    restore.task(TaskKind.RESTORE_SWAP), folder.resolve("termination-log"), folder.resolve("log"));
            await().atMost(Duration.ofSeconds(30)).until(() -> !isOpen(database));
            pod.destroyForcibly().waitFor();
            PostgresServer.release(stuck);
        }
        assertThat(isOpen(database)).isFalse();

        Restore settle = restore.again(folder);
        settle.fenceMayStand = true;
        assertThat(settle.settle().restore().swap().state()).isEqualTo(State.NOT_SWAPPED);
        assertAsBefore();
    }

    @Test
    void aSessionThatDoesNotEndIsNamedAndTheFenceIsLifted() throws Exception {
        assertThat(restore.copy().message()).isNull();
        try (Connection session = server.connect(database)) {
            long stuck = pid(session);
            PostgresServer.signal("STOP", stuck);
            TaskResult result = restore.swap();
            PostgresServer.release(stuck);
            assertThat(result.reason()).as(result.message()).isEqualTo("RestoreFailed");
            assertThat(result.message())
                    .contains("session " + stuck + " of postgres", "was left in place and takes connections");
        }
        assertThat(isOpen(database)).isTrue();
        assertThat(restore.swap().restore().swap().state()).isEqualTo(State.SWAPPED);
    }

    @Test
    void aServerThatFallsSilentBehindTheFenceEndsTheSwapSoon() throws Exception {
        assertThat(restore.copy().message()).isNull();
        try (Connection session = server.connect(database)) {
            long stuck = pid(session);
            PostgresServer.signal("STOP", stuck);
            CompletableFuture<TaskResult> running = restore.begin(TaskKind.RESTORE_SWAP);
            await().atMost(Duration.ofSeconds(30)).until(() -> !isOpen(database));
            long silent = Long.parseLong(server.query(
                    "postgres",
                    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32) +"
                            + " objid::bigint = " + LockKey.of(database)));
            PostgresServer.signal("STOP", silent);
            try {
                TaskResult result = running.get(75, TimeUnit.SECONDS);
                assertThat(result.reason()).as(result.message()).isEqualTo("ConnectionFailed");
                assertThat(result.message()).contains("may still refuse connections", "ALLOW_CONNECTIONS true");
            } finally {
                PostgresServer.release(silent);
                PostgresServer.release(stuck);
            }
        }
        restore.fenceMayStand = true;
        await().atMost(Duration.ofSeconds(30)).until(() -> restore.settle().restore() != null && isOpen(database));
        assertAsBefore();
    }

    @Test
    void whoOpensTheDatabaseAgainKeepsItInPlace() throws Exception {
        assertThat(restore.copy().message()).isNull();
        try (Connection session = server.connect(database)) {
            long stuck = pid(session);
            PostgresServer.signal("STOP", stuck);
            CompletableFuture<TaskResult> running = restore.begin(TaskKind.RESTORE_SWAP);
            await().atMost(Duration.ofSeconds(30)).until(() -> !isOpen(database));
            server.execute("postgres", "ALTER DATABASE " + database + " ALLOW_CONNECTIONS true");
            PostgresServer.release(stuck);
            TaskResult result = running.join();
            assertThat(result.reason()).as(result.message()).isEqualTo("WritesDuringRestore");
            assertThat(result.message()).contains("somebody opened it again", "was left in place");
        }
        assertThat(isOpen(database)).isTrue();
        assertThat(exists(restore.previous)).isFalse();
    }

    private static long pid(Connection session) throws SQLException {
        try (Statement statement = session.createStatement();
                var row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void twoSwapsAtOnceAreOne() {
        assertThat(restore.copy().message()).isNull();
        Restore other = restore.again(folder.resolve("other"));

        List<CompletableFuture<TaskResult>> both =
                List.of(restore.begin(TaskKind.RESTORE_SWAP), other.begin(TaskKind.RESTORE_SWAP));

        assertThat(both)
                .extracting(CompletableFuture::join)
                .allSatisfy(result -> {
                    assertThat(result.message()).isNull();
                    assertThat(result.restore().swap().state()).isEqualTo(State.SWAPPED);
                })
                .filteredOn(result -> result.restore().swap().refusedMillis() != null)
                .hasSize(1);
    }

    @Test
    void aBackupThatRunsKeepsTheSwapAway() throws Exception {
        assertThat(restore.copy().message()).isNull();
        try (Connection backup = server.connect("postgres");
                Statement statement = backup.createStatement()) {
            statement.execute("SELECT pg_advisory_lock_shared(" + LockKey.of(database) + ")");
            assertThat(restore.swap().reason()).isEqualTo("AnotherRunner");
            assertThat(isOpen(database)).isTrue();
        }
    }

    @Test
    void whateverIsWrittenIsInOneOfTheTwoDatabases() throws Exception {
        assertThat(restore.copy().message()).isNull();
        RestoreReport.Swap swap;
        Set<Long> committed;
        try (BusyDatabase busy = new BusyDatabase(server, database, SESSIONS)) {
            TaskResult result = restore.swap();
            assertThat(result.message()).isNull();
            swap = result.restore().swap();
            busy.awaitWrites();
            committed = busy.committed();
        }

        assertThat(swap.state()).isEqualTo(State.SWAPPED);
        assertThat(swap.endedSessions()).isPositive();
        assertThat(swap.refusedMillis()).as("refused").isNotNull();
        Set<Long> found = new TreeSet<>(ids(database));
        Set<Long> kept = ids(restore.previous);
        assertThat(found).isNotEmpty().doesNotContainAnyElementsOf(kept);
        assertThat(kept).isNotEmpty();
        found.addAll(kept);
        assertThat(found).containsAll(committed);
    }

    private Set<Long> ids(String name) throws SQLException {
        Set<Long> ids = new TreeSet<>();
        try (Connection connection = server.connect(name);
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT id FROM written")) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }
}
