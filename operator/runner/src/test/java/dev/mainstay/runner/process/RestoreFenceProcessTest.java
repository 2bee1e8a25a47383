package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.core.task.RestoreReport.State;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Closing and opening databases has an end, whoever else is at work on them. */
@Tag("process")
class RestoreFenceProcessTest {

    private static final String ROLE = "fencing_admin";

    @TempDir
    Path folder;

    private final PostgresServer server = Peers.postgres();
    private final String database = "fenced_" + System.nanoTime();
    private Restore restore;

    @BeforeEach
    void aCopy() {
        server.execute(
                "postgres",
                "CREATE ROLE " + ROLE + " LOGIN CREATEDB PASSWORD 'admin' IN ROLE pg_signal_backend, pg_read_all_data",
                "CREATE DATABASE " + database + " OWNER " + ROLE);
        server.execute(database, "SET ROLE " + ROLE, "CREATE TABLE orders AS SELECT generate_series(1, 10) AS id");
        Attempt backup = new Attempt(folder).secret("db", "username", ROLE).secret("db", "password", "admin");
        backup.database = database;
        assertThat(backup.backup().message()).isNull();
        restore = new Restore(folder, backup).as(ROLE, "admin");
        assertThat(restore.copy().message()).isNull();
    }

    @AfterEach
    void clean() {
        for (String name : List.of(restore.copy, restore.previous, database)) {
            server.execute("postgres", "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        }
        server.execute("postgres", "DROP ROLE " + ROLE);
    }

    /** Idle in a transaction that has changed something of a database. */
    private Connection idleAfter(String statement) throws SQLException {
        Connection other = server.connect("postgres");
        other.setAutoCommit(false);
        try (Statement change = other.createStatement()) {
            change.execute(statement);
        }
        return other;
    }

    private TaskResult within(int seconds, TaskKind kind) throws Exception {
        return restore.begin(kind).get(seconds, TimeUnit.SECONDS);
    }

    @Test
    void whoIsIdleAfterAGrantKeepsTheDatabaseOpen() throws Exception {
        try (Connection other = idleAfter("GRANT TEMPORARY ON DATABASE " + database + " TO pg_monitor")) {
            TaskResult swap = within(40, TaskKind.RESTORE_SWAP);

            assertThat(swap.reason()).as(swap.message()).isEqualTo("LockTimeout");
            assertThat(swap.message())
                    .contains("database " + database, "idle in transaction", "was left in place and takes connections");
            assertThat(server.query(database, "SELECT count(*) FROM orders")).isEqualTo("10");
            other.rollback();
        }
        assertThat(restore.swap().restore().swap().state()).isEqualTo(State.SWAPPED);
    }

    @Test
    void whoIsIdleAfterAGrantIsToldWhenTheDatabaseIsOpenedAgain() throws Exception {
        server.execute("postgres", "ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
        restore.fenceMayStand = true;
        try (Connection other = idleAfter("GRANT TEMPORARY ON DATABASE " + database + " TO pg_monitor")) {
            TaskResult settled = within(40, TaskKind.RESTORE_SETTLE);

            assertThat(settled.reason()).as(settled.message()).isEqualTo("LockTimeout");
            assertThat(settled.message()).contains("idle in transaction", "may still refuse connections");
            other.rollback();
        }
        assertThat(restore.settle().restore().swap().state()).isEqualTo(State.NOT_SWAPPED);
        assertThat(server.query(database, "SELECT count(*) FROM orders")).isEqualTo("10");
    }

    @Test
    void whoIsDoneSoonKeepsNoDatabaseClosed() throws Exception {
        server.execute("postgres", "ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
        restore.fenceMayStand = true;
        try (Connection other = idleAfter("GRANT TEMPORARY ON DATABASE " + database + " TO pg_monitor")) {
            CompletableFuture<TaskResult> settling = restore.begin(TaskKind.RESTORE_SETTLE);
            String first = await().atMost(Duration.ofSeconds(60)).until(this::waitingSince, Objects::nonNull);
            await().atMost(Duration.ofSeconds(60))
                    .until(this::waitingSince, since -> since != null && !since.equals(first));
            other.rollback();

            TaskResult settled = settling.get(120, TimeUnit.SECONDS);

            assertThat(settled.message()).isNull();
            assertThat(settled.restore().swap().state()).isEqualTo(State.NOT_SWAPPED);
        }
        assertThat(server.query(database, "SELECT count(*) FROM orders")).isEqualTo("10");
    }

    private String waitingSince() {
        return server.query(
                "postgres",
                "SELECT query_start FROM pg_stat_activity WHERE query LIKE 'ALTER DATABASE%" + database
                        + "%' AND wait_event_type = 'Lock'");
    }

    @Test
    void aCopyThatSomebodyChangesIsLeftOverAndKeepsNobodyWaiting() throws Exception {
        server.execute("postgres", "ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
        restore.fenceMayStand = true;
        try (Connection other = idleAfter("COMMENT ON DATABASE " + restore.copy + " IS 'mine'")) {
            TaskResult settled = within(40, TaskKind.RESTORE_SETTLE);

            assertThat(settled.message()).isNull();
            assertThat(settled.restore().swap().leftOver()).contains("is left over", "lock timeout");
            assertThat(server.query(database, "SELECT count(*) FROM orders")).isEqualTo("10");
            other.rollback();
        }
        assertThat(restore.settle().restore().swap().leftOver()).isNull();
    }

    @Test
    void grantsThatWerePassedOnKeepNobodyFromGoingBack() {
        server.execute(
                "postgres",
                "GRANT CONNECT ON DATABASE " + database + " TO pg_monitor WITH GRANT OPTION",
                "SET ROLE pg_monitor",
                "GRANT CONNECT ON DATABASE " + database + " TO pg_checkpoint");
        assertThat(restore.swap().message()).isNull();
        server.execute("postgres", "GRANT TEMPORARY ON DATABASE " + database + " TO pg_monitor");
        String granted =
                "SELECT string_agg(grantee::regrole || privilege_type || is_grantable, ' ' ORDER BY grantee, privilege_type)"
                        + " FROM pg_database, aclexplode(datacl) WHERE grantee > 0 AND datname = '" + database + "'";
        String before = server.query("postgres", granted);
        Restore undo = new Restore(folder, database).as(ROLE, "admin");
        undo.copy = restore.previous;
        undo.copyIsKept = true;

        TaskResult swapped = undo.swap();

        assertThat(swapped.message()).isNull();
        assertThat(swapped.restore().swap().state()).isEqualTo(State.SWAPPED);
        assertThat(server.query("postgres", granted)).isEqualTo(before);
        server.execute("postgres", "DROP DATABASE " + undo.previous);
    }
}
