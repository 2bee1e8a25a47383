package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.task.RestoreReport.State;
import dev.mainstay.core.task.RestoreReport.Swap;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import dev.mainstay.runner.postgres.LockKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a settling can't do, and whom it waits for. */
@Tag("process")
class RestoreSettleProcessTest {

    private static final String ROLE = "settling_admin";
    private static final Pattern STATEMENT = Pattern.compile("run: (DROP DATABASE [^;]*;)");

    @TempDir
    Path folder;

    private final PostgresServer server = Peers.postgres();
    private String database;
    private Restore restore;

    @BeforeEach
    void aCopyOfARoleThatIsNoSuperuser() {
        database = "settled_" + System.nanoTime();
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

    private Swap settled() {
        TaskResult result = restore.settle();
        assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.COMMITTED);
        assertThat(result.restore().swap().state()).isEqualTo(State.NOT_SWAPPED);
        return result.restore().swap();
    }

    private boolean exists(String name) {
        return server.query("postgres", "SELECT 1 FROM pg_database WHERE datname = '" + name + "'") != null;
    }

    @Test
    void aCopyThatSomebodyHoldsIsToldAndTheDatabaseIsOpenedAllTheSame() throws Exception {
        server.execute("postgres", "ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
        restore.fenceMayStand = true;
        String told;
        try (Connection superuser = server.connect(restore.copy)) {
            told = settled().leftOver();
            assertThat(told)
                    .contains("Database " + restore.copy + " is left over", "session ", " of postgres")
                    .contains("terminat")
                    .doesNotContain("Exception");
            assertThat(superuser.isValid(1)).isTrue();
        }
        assertThat(server.query(database, "SELECT count(*) FROM orders")).isEqualTo("10");
        assertThat(exists(restore.copy)).isTrue();

        Matcher statement = STATEMENT.matcher(told);
        assertThat(statement.find()).as(told).isTrue();
        server.execute("postgres", statement.group(1));
        assertThat(exists(restore.copy)).isFalse();
        assertThat(settled().leftOver()).isNull();
    }

    @Test
    void aCopyThatIsGivenToAnotherIsTold() {
        server.execute("postgres", "ALTER DATABASE " + restore.copy + " OWNER TO postgres");

        assertThat(settled().leftOver()).contains(restore.copy, "must be owner of database");

        assertThat(exists(restore.copy)).isTrue();
    }

    @Test
    void whoReadsTheDatabaseIsNotInTheWayBeforeASwap() throws Exception {
        try (Connection backup = server.connect("postgres");
                Statement statement = backup.createStatement()) {
            statement.execute("SELECT pg_advisory_lock_shared(" + LockKey.of(database) + ")");

            restore.fenceMayStand = true;
            assertThat(restore.settle().reason()).isEqualTo("AnotherRunner");
            assertThat(exists(restore.copy)).isTrue();

            restore.fenceMayStand = false;
            assertThat(settled().leftOver()).isNull();
            assertThat(exists(restore.copy)).isFalse();
        }
    }
}
