package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Finding.Severity;
import dev.mainstay.core.task.RestoreReport.State;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that lack what a backup needs, or have more than one: the database in use goes on whatever is found. */
@Tag("process")
class RestoreServersProcessTest {

    private static PostgresServer server;

    @TempDir
    Path folder;

    private final String database = "served_" + System.nanoTime();

    @BeforeAll
    static void aServerWithASmallDiskAndLogicalReplication() {
        server = new PostgresServer(
                Programs.postgres(),
                false,
                PostgresServer.isRoot() ? "48m" : null,
                "wal_level=logical",
                "wal_sender_timeout=2s");
    }

    @AfterAll
    static void end() {
        server.crash();
    }

    private Attempt backup(PostgresServer of) {
        Attempt backup = new Attempt(folder)
                .secret("db", "username", PostgresServer.ADMIN)
                .secret("db", "password", PostgresServer.ADMIN_PASSWORD);
        backup.database = database;
        backup.port = of.port();
        TaskResult result = backup.backup();
        assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.COMMITTED);
        return backup;
    }

    private Restore restore(Attempt backup, PostgresServer into) {
        Restore restore = new Restore(folder, backup);
        restore.pod.port = into.port();
        return restore;
    }

    private static void assertUntouched(
            PostgresServer of, Restore restore, String said, String question, String answer) {
        assertThat(of.query(restore.database, question)).isEqualTo(answer);
        assertThat(of.query("postgres", "SELECT 1 FROM pg_database WHERE datname = '" + restore.copy + "'"))
                .as("a copy is left: %s", said)
                .isNull();
        assertThat(of.query(
                        "postgres", "SELECT datallowconn FROM pg_database WHERE datname = '" + restore.database + "'"))
                .isEqualTo("t");
        assertThat(Attempt.children()).isEmpty();
    }

    private static void assertFound(Restore restore, Severity severity, String... words) {
        List<Finding> findings = restore.findings();
        assertThat(findings)
                .filteredOn(finding -> finding.severity() == severity)
                .as("%s", findings)
                .anySatisfy(finding -> assertThat(finding.message()).contains(words));
    }

    @Test
    void anExtensionThatTheServerCannotMakeIsNamedByThePlanAndByTheCopy() {
        server.execute("postgres", "CREATE DATABASE " + database);
        server.execute(
                database,
                "CREATE EXTENSION pg_trgm",
                "CREATE TABLE orders AS SELECT g AS id, 'n' || g AS note FROM generate_series(1, 50) g",
                "CREATE INDEX ON orders USING gin (note gin_trgm_ops)",
                // As after a move to a server on which nobody has installed it.
                "SET allow_system_table_mods = on",
                "UPDATE pg_extension SET extname = 'gone_with_the_server' WHERE extname = 'pg_trgm'");
        Restore restore = restore(backup(server), server);

        assertFound(restore, Severity.ERROR, "the extension gone_with_the_server", "Install it on the server");
        TaskResult result = restore.copy();

        assertThat(result.reason()).as(result.message()).isEqualTo("ExtensionMissing");
        assertThat(result.message())
                .contains("the extension gone_with_the_server", "Install it on the server", "was not touched");
        assertUntouched(server, restore, result.message(), "SELECT count(*) FROM orders", "50");
    }

    @Test
    void aLabelOfAProviderThatTheServerHasNotLoadedIsLeftOut() {
        server.execute("postgres", "CREATE DATABASE " + database);
        server.execute(
                database,
                "CREATE TABLE orders AS SELECT g AS id FROM generate_series(1, 50) g",
                // As after a move to a server that does not load it.
                "SET allow_system_table_mods = on",
                "INSERT INTO pg_seclabel VALUES"
                        + " ('orders'::regclass, 'pg_class'::regclass, 0, 'masking; it''s', 'MASKED')");
        Restore restore = restore(backup(server), server);

        assertFound(
                restore,
                Severity.WARNING,
                "SECURITY LABEL public.TABLE orders: the server has not loaded masking; it's, whose label it is");
        TaskResult result = restore.copy();

        assertThat(result.message()).isNull();
        assertThat(result.restore().copy().rows()).isEqualTo(50);
        assertThat(result.restore().copy().leftOut())
                .singleElement()
                .asString()
                .startsWith("SECURITY LABEL public.TABLE orders: the server has not loaded masking; it's");
        restore.settle();
    }

    @Test
    void aDiskThatFillsUpEndsTheCopyAndLeavesTheRest() {
        assumeThat(PostgresServer.isRoot())
                .as("only root can mount a small disk")
                .isTrue();
        server.execute("postgres", "CREATE TABLESPACE small LOCATION '" + server.smallDisk() + "'");
        server.execute("postgres", "CREATE DATABASE " + database + " TABLESPACE small");
        server.execute(
                database,
                "CREATE TABLE orders AS SELECT g AS id, sha512(g::text::bytea) AS note FROM"
                        + " generate_series(1, 300000) g",
                "CHECKPOINT");
        Restore restore = restore(backup(server), server);

        TaskResult result = restore.copy();

        assertThat(result.reason()).as(result.message()).isEqualTo("DiskFull");
        assertThat(result.message())
                .contains("has no room for the copy", "Make room", "The copy was dropped", "was not touched");
        assertUntouched(server, restore, result.message(), "SELECT count(*) FROM orders", "300000");
        server.execute(database, "INSERT INTO orders SELECT 0, 'there is room again'");
    }

    @Test
    void theRulesOfAnIcuLocaleComeBack() {
        assumeThat(Programs.major()).as("ICU databases").isGreaterThanOrEqualTo(15);
        server.execute(
                "postgres",
                "CREATE DATABASE " + database + " TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu"
                        + " ICU_LOCALE 'sv-SE' LOCALE 'C'");
        server.execute(
                database,
                "CREATE TABLE names (name text PRIMARY KEY)",
                "INSERT INTO names VALUES ('ångström'), ('zebra'), ('apple')");
        Restore restore = restore(backup(server), server);
        String collation = "SELECT datlocprovider::text || ' ' || "
                + (Programs.major() < 17 ? "daticulocale" : "datlocale")
                + " || ' ' || coalesce(datcollversion, '') FROM pg_database WHERE datname = current_database()";
        String last = "SELECT name FROM names ORDER BY name DESC LIMIT 1";
        assertThat(server.query(database, last)).isEqualTo("ångström");

        assertThat(restore.findings()).isEmpty();
        TaskResult copied = restore.copy();

        assertThat(copied.message()).isNull();
        assertThat(server.query(restore.copy, collation)).isEqualTo(server.query(database, collation));
        assertThat(server.query(restore.copy, last)).isEqualTo("ångström");
        assertThat(restore.swap().restore().swap().state()).isEqualTo(State.SWAPPED);
        assertThat(server.query(database, last)).isEqualTo("ångström");
    }

    @Test
    void slotsAndWhoReadsThemStayWithTheDatabaseThatIsKept() throws Exception {
        String slot = "slot_" + database;
        server.execute("postgres", "CREATE DATABASE " + database);
        server.execute(
                database,
                "CREATE TABLE orders AS SELECT generate_series(1, 10) AS id",
                "CREATE PUBLICATION changes FOR TABLE orders",
                "SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
        Restore restore = restore(backup(server), server);
        Process reader = follow(slot);
        try {
            await().atMost(Duration.ofSeconds(20)).until(() -> active(slot));
            assertFound(
                    restore,
                    Severity.WARNING,
                    "the logical replication slots " + slot,
                    "SELECT pg_drop_replication_slot('" + slot + "');");
            assertFound(restore, Severity.WARNING, "has the publications changes", "must begin anew");
            assertThat(restore.findings()).allMatch(finding -> finding.severity() == Severity.WARNING);

            assertThat(restore.copy().message()).isNull();
            assertThat(active(slot)).isTrue();
            TaskResult swapped = restore.swap();

            assertThat(swapped.message()).isNull();
            assertThat(swapped.restore().swap().endedSessions()).isPositive();
        } finally {
            reader.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        assertThat(server.query(
                        "postgres", "SELECT database FROM pg_replication_slots WHERE slot_name = '" + slot + "'"))
                .isEqualTo(restore.previous);
        assertThat(server.query(database, "SELECT string_agg(pubname, ',') FROM pg_publication"))
                .isEqualTo("changes");
        await().atMost(Duration.ofSeconds(20)).until(() -> !active(slot));
        server.execute("postgres", "SELECT pg_drop_replication_slot('" + slot + "')");
    }

    private static boolean active(String slot) {
        return "t"
                .equals(server.query(
                        "postgres", "SELECT active FROM pg_replication_slots WHERE slot_name = '" + slot + "'"));
    }

    /** Reads the slot, and connects again whenever it is sent away. */
    private Process follow(String slot) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Programs.postgres().resolve("pg_recvlogical").toString(),
                        "--start",
                        "--slot=" + slot,
                        "--option=proto_version=1",
                        "--option=publication_names=changes",
                        "--file=/dev/null",
                        "--dbname=host=127.0.0.1 port=" + server.port() + " dbname=" + database + " user="
                                + PostgresServer.ADMIN)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("pg_recvlogical.log").toFile());
        builder.environment().put("PGPASSWORD", PostgresServer.ADMIN_PASSWORD);
        Process process = builder.start();
        Programs.endAtExit(process);
        return process;
    }

    @Test
    void anOlderDumpIsRestoredIntoANewerServerAndNotTheOtherWayRound() {
        assumeThat(Programs.majors()).as("majors of PostgreSQL here").hasSizeGreaterThan(1);
        int oldest = Programs.majors().getFirst();
        PostgresServer older = new PostgresServer(Programs.postgres(oldest), false, null);
        try {
            for (PostgresServer each : List.of(older, server)) {
                each.execute("postgres", "CREATE DATABASE " + database);
                each.execute(
                        database,
                        "CREATE EXTENSION pg_trgm",
                        "CREATE TABLE orders (id serial PRIMARY KEY, note text)",
                        "INSERT INTO orders (note) SELECT 'n' || g FROM generate_series(1, 40) g",
                        "CREATE INDEX ON orders USING gin (note gin_trgm_ops)");
            }
            older.execute(database, "DELETE FROM orders WHERE id > 30");
            Restore up = restore(backup(older), server);

            assertThat(up.findings()).isEmpty();
            TaskResult copied = up.copy();

            assertThat(copied.message()).isNull();
            assertThat(copied.restore().copy().rowsCompared()).isTrue();
            assertThat(up.swap().restore().swap().state()).isEqualTo(State.SWAPPED);
            assertThat(server.query(database, "SELECT count(*) FROM orders")).isEqualTo("30");
            assertThat(server.query(up.previous, "SELECT count(*) FROM orders")).isEqualTo("40");

            Restore down = restore(backup(server), older);
            assertFound(
                    down,
                    Severity.ERROR,
                    "the backup is of PostgreSQL " + Programs.major(),
                    "is of version " + oldest,
                    "Restore it on a server of version " + Programs.major());
            TaskResult refused = down.copy();
            assertThat(refused.reason()).as(refused.message()).isEqualTo("VersionUnsupported");
            assertUntouched(older, down, refused.message(), "SELECT count(*) FROM orders", "30");
        } finally {
            older.crash();
        }
    }
}
