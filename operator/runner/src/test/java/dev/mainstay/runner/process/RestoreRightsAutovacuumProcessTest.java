package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.core.task.RestoreReport.State;
import dev.mainstay.core.task.TaskResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Autovacuum is at work in the databases of a restore, and the role that restores may not see what kind of session that is. */
@Tag("process")
class RestoreRightsAutovacuumProcessTest {

    private static final String ADMIN = "shop_admin";

    private static PostgresServer server;

    @TempDir
    Path folder;

    private final String database = "vacuumed_" + System.nanoTime();
    private Restore restore;

    @BeforeAll
    static void aServerWhoseWorkersComeSoon() {
        server = new PostgresServer(Programs.postgres(), false, null, "autovacuum_naptime=1s");
        server.execute("postgres", "CREATE ROLE app", "CREATE ROLE " + ADMIN + " LOGIN CREATEDB PASSWORD 'admin'");
        server.execute("postgres", "GRANT app, pg_signal_backend TO " + ADMIN);
    }

    @AfterAll
    static void end() {
        server.crash();
    }

    @BeforeEach
    void aDatabaseWithMuchToVacuum() {
        server.execute("postgres", "CREATE DATABASE " + database + " OWNER app");
        server.execute(
                database,
                "SET ROLE app",
                "CREATE TABLE orders (id int, note text)"
                        + " WITH (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)",
                "INSERT INTO orders SELECT g, repeat('n', 500) FROM generate_series(1, 30000) g");
    }

    /** There are three workers, and each stays with its table for long. */
    @AfterEach
    void clean() {
        for (String name : List.of(database, restore.copy, restore.previous)) {
            server.execute("postgres", "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        }
    }

    private void prepare() {
        Attempt backup = new Attempt(folder)
                .secret("db", "username", PostgresServer.ADMIN)
                .secret("db", "password", PostgresServer.ADMIN_PASSWORD);
        backup.database = database;
        backup.port = server.port();
        assertThat(backup.backup().message()).isNull();
        restore = new Restore(folder, backup).as(ADMIN, "admin");
        restore.pod.port = server.port();
    }

    private void awaitWorker(String in) {
        await().atMost(Duration.ofSeconds(90))
                .until(() -> server.query(
                                "postgres",
                                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'autovacuum worker' AND datname = '"
                                        + in + "' AND query LIKE 'autovacuum: VACUUM%public.orders%'")
                        != null);
    }

    @Test
    void workersInBothDatabasesKeepNobodyFromSwapping() {
        prepare();
        awaitWorker(database);
        assertThat(restore.findings()).isEmpty();
        assertThat(restore.copy().message()).isNull();
        awaitWorker(restore.copy);
        awaitWorker(database);

        TaskResult swapped = restore.swap();

        assertThat(swapped.message()).isNull();
        assertThat(swapped.restore().swap().state()).isEqualTo(State.SWAPPED);
        assertThat(swapped.restore().swap().endedSessions()).isZero();
        assertThat(server.query(database, "SELECT count(*) FROM orders")).isEqualTo("30000");
    }

    @Test
    void aWorkerInTheCopyKeepsNobodyFromDroppingIt() {
        prepare();
        assertThat(restore.copy().message()).isNull();
        awaitWorker(restore.copy);
        server.execute("postgres", "REVOKE pg_signal_backend FROM " + ADMIN);
        try {
            TaskResult settled = restore.settle();

            assertThat(settled.message()).isNull();
            assertThat(settled.restore().swap().leftOver()).isNull();
            assertThat(server.query("postgres", "SELECT 1 FROM pg_database WHERE datname = '" + restore.copy + "'"))
                    .isNull();
        } finally {
            server.execute("postgres", "GRANT pg_signal_backend TO " + ADMIN);
        }
    }
}
