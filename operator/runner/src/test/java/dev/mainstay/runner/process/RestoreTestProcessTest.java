package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.query.ExpectationOperator;
import dev.mainstay.api.query.RestoreQuery;
import dev.mainstay.core.task.RestoreOrder;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import dev.mainstay.runner.backup.Proof;
import dev.mainstay.runner.postgres.LockKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup is restored into a database that is dropped again; whatever is found, none is left and none else is touched. */
@Tag("process")
class RestoreTestProcessTest {

    private static final RestoreOrder.Test SAME_SERVER = new RestoreOrder.Test(1L << 30, false, null);
    private static final RestoreOrder.Test OTHER_SERVER = new RestoreOrder.Test(null, true, null);
    private static final String PROOF = "verified-restoretest.json";

    @TempDir
    Path folder;

    private final PostgresServer server = Peers.postgres();
    private RichDatabase rich;
    private Attempt backup;

    @BeforeEach
    void aBackup() {
        rich = new RichDatabase("tested " + System.nanoTime());
        backup = backup();
    }

    private Attempt backup() {
        Attempt made = new Attempt(folder)
                .secret("db", "username", PostgresServer.ADMIN)
                .secret("db", "password", PostgresServer.ADMIN_PASSWORD);
        made.database = rich.name;
        TaskResult result = made.backup();
        assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.COMMITTED);
        return made;
    }

    /** Of a backup whose restore takes long enough to be met. */
    private Restore slow() {
        server.execute(
                rich.name,
                "CREATE FUNCTION public.slow(int) RETURNS bool LANGUAGE sql AS $$ SELECT true FROM (SELECT pg_sleep(CASE"
                        + " WHEN current_database() LIKE 'mainstay%' THEN 5 ELSE 0 END)) s $$",
                "CREATE TABLE public.b_slow (id int CHECK (public.slow(id)))",
                "INSERT INTO public.b_slow VALUES (1)");
        backup = backup();
        return restore();
    }

    @AfterEach
    void dropIt() {
        rich.drop();
    }

    private Restore restore() {
        Restore restore = new Restore(folder, backup);
        restore.copy = "mainstay_test_" + restore.id;
        restore.previous = null;
        restore.test = SAME_SERVER;
        return restore;
    }

    private static RestoreQuery query(String sql, ExpectationOperator operator, String value) {
        return new RestoreQuery("rows", sql, new RestoreQuery.Expectation(operator, value));
    }

    private static boolean exists(PostgresServer server, String database) {
        return server.query("postgres", "SELECT 1 FROM pg_database WHERE datname = '" + database + "'") != null;
    }

    private static String ours(PostgresServer server) {
        return server.query("postgres", "SELECT count(*) FROM pg_database WHERE datname LIKE 'mainstay%'");
    }

    private void assertNothingIsLeft(Restore restore) {
        assertThat(exists(server, restore.copy)).as("the database of the test").isFalse();
        assertThat(ours(server)).as("databases of ours").isEqualTo("0");
        assertThat(Attempt.children()).isEmpty();
        assertThat(server.query(rich.name, "SELECT 1")).isEqualTo("1");
    }

    private void assertFails(Restore restore, TaskResult result, String reason, String... words) {
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.reason()).as(result.message()).isEqualTo(reason);
        assertThat(result.message()).contains(words);
        assertNothingIsLeft(restore);
        assertThat(Peers.store().file(backup.path + PROOF)).doesNotExist();
    }

    @Test
    void oneThatPassesIsNotedBesideTheBackupAndItsDatabaseIsDropped() throws IOException {
        Restore restore = restore();
        restore.queries = List.of(query("SELECT current_database()", ExpectationOperator.EQUALS, restore.copy));

        TaskResult result = restore.test();

        assertThat(result.message()).isNull();
        assertThat(result.outcome()).isEqualTo(Outcome.COMMITTED);
        RestoreReport.Copy copy = result.restore().copy();
        assertThat(copy.rows()).isEqualTo(RichDatabase.ROWS);
        assertThat(copy.tables()).isEqualTo(RichDatabase.TABLES);
        assertThat(copy.rowsCompared()).isTrue();
        assertThat(copy.bytes()).isPositive();
        assertThat(copy.leftOut()).isEmpty();
        assertNothingIsLeft(restore);
        Proof proof =
                TaskJson.mapper().readValue(Files.readAllBytes(Peers.store().file(backup.path + PROOF)), Proof.class);
        assertThat(proof.level()).isEqualTo(VerificationLevel.RESTORE_TEST);
        assertThat(proof.sum()).isEqualTo(RichDatabase.ROWS);
        assertThat(proof.clientVersion()).isEqualTo("" + Programs.major());
    }

    @Test
    void anotherServerNeedsNoneOfTheRoles() {
        PostgresServer other = new PostgresServer();
        String roles = other.query("postgres", "SELECT count(*) FROM pg_roles");
        Restore restore = restore();
        restore.test = OTHER_SERVER;
        restore.database = "postgres";
        restore.pod.port = other.port();

        TaskResult result = restore.test();

        assertThat(result.message()).isNull();
        assertThat(result.restore().copy().rows()).isEqualTo(RichDatabase.ROWS);
        assertThat(other.query("postgres", "SELECT count(*) FROM pg_roles")).isEqualTo(roles);
        assertThat(ours(other)).isEqualTo("0");
        assertNothingIsLeft(restore);
    }

    @Test
    void aFlippedByteIsFound() throws IOException {
        Path data = Peers.store().file(backup.path + "data.000");
        byte[] bytes = Files.readAllBytes(data);
        bytes[bytes.length - bytes.length / 4] ^= 1;
        Files.write(data, bytes);
        Restore restore = restore();

        assertFails(restore, restore.test(), "VerificationFailed", "data.000", "was dropped again");
    }

    @Test
    void anAnswerThatIsNotTheExpectedOneIsFound() {
        Restore restore = restore();
        restore.queries = List.of(query("SELECT 3", ExpectationOperator.GREATER_THAN, "3"));

        assertFails(
                restore,
                restore.test(),
                "VerificationFailed",
                "BackupPolicy shop/restore-" + restore.id + ", spec.verification.restoreTest.queries, rows:",
                "answers 3",
                "was dropped again");
    }

    @Test
    void rowsThatTheArchiveIsNotKnownToHoldAreFound() throws IOException {
        Path proof = Peers.store().file(backup.path + "verified-fullread.json");
        Proof read = TaskJson.mapper().readValue(Files.readAllBytes(proof), Proof.class);
        read.rows().replaceAll((table, rows) -> rows + 1);
        Files.writeString(proof, TaskJson.write(read));
        Restore restore = restore();

        assertFails(restore, restore.test(), "VerificationFailed", "more tables differ", "was dropped again");
    }

    @Test
    void aLargerOneThanAllowedIsNotRestored() {
        Restore restore = restore();
        restore.test = new RestoreOrder.Test(1000L, false, null);

        assertFails(restore, restore.test(), "DatabaseTooLarge", "maxDatabaseBytes", "at most 1000 ");
    }

    @Test
    void aDatabaseOfThatNameWhichIsNotOursStays() {
        Restore restore = restore();
        server.execute("postgres", "CREATE DATABASE " + restore.copy);
        try {
            TaskResult result = restore.test();

            assertThat(result.reason()).isEqualTo("DatabaseExists");
            assertThat(result.message()).contains("was not made by it").doesNotContain("dropped again");
            assertThat(exists(server, restore.copy)).isTrue();
        } finally {
            server.execute("postgres", "DROP DATABASE " + restore.copy);
        }
    }

    @Test
    void whatAKilledOneLeftTheNextOneDropsThoughItCanRestoreNothing() throws Exception {
        Restore restore = slow();
        Process pod = restore.pod.pod(
                restore.task(TaskKind.RESTORE_TEST), folder.resolve("termination-log"), folder.resolve("log"));
        long held = server.holdWhileCopying("b_slow");
        pod.destroyForcibly().waitFor();
        PostgresServer.release(held);
        assertThat(exists(server, restore.copy)).isTrue();

        Restore next = restore.again(folder);
        next.test = SAME_SERVER;
        next.path = "nowhere/nothing/";
        TaskResult result = next.test();

        assertThat(result.reason()).as(result.message()).isEqualTo("BackupNotFound");
        assertNothingIsLeft(restore);
    }

    @Test
    void oneThatIsToldToEndDropsItsDatabase() throws Exception {
        Restore restore = slow();
        Path message = folder.resolve("termination-log");
        Process pod = restore.pod.pod(restore.task(TaskKind.RESTORE_TEST), message, folder.resolve("log"));
        long held = server.holdWhileCopying("b_slow");
        pod.destroy();
        PostgresServer.release(held);

        assertThat(pod.waitFor(120, TimeUnit.SECONDS)).isTrue();
        TaskResult result = TaskJson.readResult(Files.readString(message)).orElseThrow();
        assertThat(result.reason()).isEqualTo("Cancelled");
        assertThat(result.message()).contains("was dropped again");
        assertNothingIsLeft(restore);
    }

    /** A server writes what is in its memory before it drops a database: on a busy one that takes a while. */
    @Test
    void oneThatIsToldToEndWaitsForAServerThatTakesItsTime() throws Exception {
        Restore restore = slow();
        Path message = folder.resolve("termination-log");
        Process pod = restore.pod.pod(restore.task(TaskKind.RESTORE_TEST), message, folder.resolve("log"));
        long held = server.holdWhileCopying("b_slow");
        try (Connection busy = server.connect("postgres");
                Statement statement = busy.createStatement()) {
            busy.setAutoCommit(false);
            statement.execute("LOCK TABLE pg_database IN SHARE MODE");
            pod.destroy();
            PostgresServer.release(held);
            await().atMost(Duration.ofSeconds(60))
                    .until(
                            () -> server.query(
                                    "postgres",
                                    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DROP DATABASE%"
                                            + restore.copy
                                            + "%' AND state = 'active' AND now() - query_start > '20 s'"),
                            "1"::equals);
        }

        assertThat(pod.waitFor(60, TimeUnit.SECONDS)).isTrue();
        TaskResult result = TaskJson.readResult(Files.readString(message)).orElseThrow();
        assertThat(result.reason()).isEqualTo("Cancelled");
        assertThat(result.message()).contains("was dropped again");
        assertNothingIsLeft(restore);
    }

    @Test
    void oneThatRetentionRemovesMeanwhileIsNotCalledDamaged() throws Exception {
        Restore restore = slow();
        restore.queries = List.of(query("SELECT 3", ExpectationOperator.EQUALS, "4"));
        CompletableFuture<TaskResult> result = restore.begin(TaskKind.RESTORE_TEST);
        long held = server.holdWhileCopying("b_slow");
        Files.delete(Peers.store().file(backup.path + "manifest.json"));
        PostgresServer.release(held);

        assertFails(restore, result.get(2, TimeUnit.MINUTES), "BackupNotFound", "was removed", "was dropped again");
    }

    @Test
    void anEncryptedOneNeedsAKeyOfThePolicy() throws IOException {
        Path key = folder.resolve("key.txt");
        Programs.run("age-keygen", "-o", key.toString());
        backup = new Attempt(folder)
                .secret("db", "username", PostgresServer.ADMIN)
                .secret("db", "password", PostgresServer.ADMIN_PASSWORD);
        backup.database = rich.name;
        backup.recipients =
                List.of(Programs.run("age-keygen", "-y", key.toString()).strip());
        assertThat(backup.backup().outcome()).isEqualTo(Outcome.COMMITTED);

        Restore without = restore();
        assertFails(without, without.test(), "IdentityWrong", "spec.verification.restoreTest.identitySecretRef");

        Restore with = restore();
        with.identity = true;
        with.pod.secret("identity", "key.txt", Files.readString(key));
        TaskResult result = with.test();
        assertThat(result.message()).isNull();
        assertThat(result.restore().copy().rows()).isEqualTo(RichDatabase.ROWS);
        assertNothingIsLeft(with);
    }

    @Test
    void neitherADumpNorARestoreWaitsForIt() throws Exception {
        Restore restore = restore();
        // Who would rename the database has its lock alone, as a restore does; a test doesn't ask for it.
        try (var holder = server.connect("postgres");
                var statement = holder.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + LockKey.of(rich.name) + ")");

            TaskResult result = restore.test();

            assertThat(result.message()).isNull();
        }
    }
}
