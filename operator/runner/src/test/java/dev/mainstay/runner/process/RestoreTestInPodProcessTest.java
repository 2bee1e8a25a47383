package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.query.ExpectationOperator;
import dev.mainstay.api.query.RestoreQuery;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreOrder;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A backup is restored into a server that was started for it, and that nobody else reaches. */
@Tag("process")
class RestoreTestInPodProcessTest {

    private static final String FIELD = "spec.verification.restoreTest.target.pod";
    private static final String PROOF = "verified-restoretest.json";

    @TempDir
    Path folder;

    private final PostgresServer server = Peers.postgres();
    private final PodServerBeside beside = new PodServerBeside();
    private RichDatabase rich;
    private Attempt backup;

    @BeforeEach
    void aBackup() {
        rich = new RichDatabase("tested " + System.nanoTime());
        backup = backup(rich.name);
    }

    @AfterEach
    void nothingIsLeft() {
        beside.close();
        assertThat(Attempt.children()).isEmpty();
        assertThat(server.query("postgres", "SELECT count(*) FROM pg_database WHERE datname LIKE 'mainstay%'"))
                .as("databases beside the one in use")
                .isEqualTo("0");
        rich.drop();
    }

    private Attempt backup(String database) {
        Attempt made = new Attempt(folder)
                .secret("db", "username", PostgresServer.ADMIN)
                .secret("db", "password", PostgresServer.ADMIN_PASSWORD);
        made.database = database;
        TaskResult result = made.backup();
        assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.COMMITTED);
        return made;
    }

    private Restore restore(String size) {
        Restore restore = new Restore(folder, backup);
        restore.copy = "mainstay_test_" + restore.id;
        restore.previous = null;
        restore.createMissingRoles = true;
        restore.test = new RestoreOrder.Test(null, false, new RestoreOrder.PodServer(size, null));
        restore.pod.serverFolder = beside.folder;
        restore.pod.postgresFolder = beside.programs;
        return restore;
    }

    private static RestoreQuery query(String sql, String value) {
        return new RestoreQuery("answer", sql, new RestoreQuery.Expectation(ExpectationOperator.EQUALS, value));
    }

    private void assertFails(TaskResult result, Reason reason, String... words) {
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.reason()).as(result.message()).isEqualTo(reason.text());
        assertThat(result.message()).contains(words).doesNotContain("dropped again", "null");
        assertThat(Peers.store().file(backup.path + PROOF)).doesNotExist();
    }

    /** Begins a test that takes a minute where it fills a table, and waits until it is at work. */
    private static CompletableFuture<TaskResult> begun(Restore restore) {
        CompletableFuture<TaskResult> result = restore.begin(TaskKind.RESTORE_TEST);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Attempt.children().stream().anyMatch(program -> program.endsWith("/pg_restore")));
        return result;
    }

    private Restore slow(String size) {
        server.execute(
                rich.name,
                "CREATE FUNCTION public.slow(int) RETURNS bool LANGUAGE sql AS $$ SELECT true FROM (SELECT pg_sleep(CASE"
                        + " WHEN current_database() LIKE 'mainstay%' THEN 60 ELSE 0 END)) s $$",
                "CREATE TABLE public.b_slow (id int CHECK (public.slow(id)))",
                "INSERT INTO public.b_slow VALUES (1)");
        backup = backup(rich.name);
        return restore(size);
    }

    @Test
    void oneThatPassesIsProvenInAServerThatIsReachedByNobodyElse() {
        beside.begin();
        Restore restore = restore("1Gi");
        restore.queries = List.of(
                query("SELECT current_setting('fsync')", "off"),
                query("SELECT current_setting('listen_addresses')", "127.0.0.1"),
                query("SELECT current_setting('unix_socket_directories')", ""),
                query("SELECT tableowner FROM pg_tables WHERE tablename = 'orders'", "rich owner"));

        TaskResult result = restore.test();

        assertThat(result.message()).isNull();
        assertThat(result.outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(result.restore().copy().rows()).isEqualTo(RichDatabase.ROWS);
        assertThat(result.restore().copy().rowsCompared()).isTrue();
        assertThat(result.restore().copy().leftOut()).isEmpty();
        assertThat(Peers.store().file(backup.path + PROOF)).exists();
        assertThat(beside.folder.resolve("order.json"))
                .as("the order, with its password")
                .doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "ENCODING 'LATIN1' LOCALE 'C', LATIN1 C c",
        "ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'de-DE', UTF8 C i",
        "ENCODING 'UTF8' LOCALE 'C.UTF-8', UTF8 C.UTF-8 c"
    })
    void theCopyHasEncodingAndLocaleOfTheDatabase(String options, String expected) {
        String database = "encoded " + System.nanoTime();
        server.execute("postgres", "CREATE DATABASE \"" + database + "\" TEMPLATE template0 " + options);
        try {
            server.execute(database, "CREATE TABLE t AS SELECT 'caf\u00e9' AS what");
            backup = backup(database);
        } finally {
            server.execute("postgres", "DROP DATABASE \"" + database + "\"");
        }
        beside.begin();
        Restore restore = restore("1Gi");
        restore.queries = List.of(
                query(
                        "SELECT pg_encoding_to_char(encoding) || ' ' || datcollate || ' ' || datlocprovider::text FROM"
                                + " pg_database WHERE datname = current_database()",
                        expected),
                query("SELECT what FROM public.t", "caf\u00e9"));

        TaskResult result = restore.test();

        assertThat(result.message()).isNull();
        assertThat(result.restore().copy().leftOut()).isEmpty();
    }

    @Test
    void anAnswerThatIsNotTheExpectedOneIsFound() {
        beside.begin();
        Restore restore = restore("1Gi");
        restore.queries = List.of(query("SELECT 3", "4"));

        assertFails(restore.test(), Reason.VERIFICATION_FAILED, "spec.verification.restoreTest.queries, answer:");
    }

    @Test
    void oneThatOutgrowsItsSizeIsEndedAndSaysSo() {
        beside.begin();

        TaskResult result = slow("30Mi").test();

        assertFails(result, Reason.DISK_FULL, "the copy did not fit in size: 30Mi", FIELD, "raise it");
    }

    @Test
    void aServerThatDoesNotStartIsToldByWhatItSaid() {
        beside.program("postgres", "echo 'postgres: FATAL:  could not map memory' >&2; exit 1")
                .begin();

        TaskResult result = restore("1Gi").test();

        assertFails(
                result,
                Reason.SERVER_FAILED,
                "container postgresql, did not start: it ended with exit code 1.",
                "It said: postgres: FATAL:  could not map memory.",
                "memory limit");
    }

    @Test
    void aDiskThatIsFullBeforeTheServerStartsIsToldAsSuch() {
        beside.program("initdb", "echo 'initdb: error: could not write: No space left on device' >&2; exit 1")
                .begin();

        assertFails(restore("1Gi").test(), Reason.DISK_FULL, "did not fit in size: 1Gi", "the disk under it is full");
    }

    @Test
    void aServerThatEndsInTheMiddleIsTold() throws Exception {
        beside.begin();
        Restore restore = slow("1Gi");
        CompletableFuture<TaskResult> result = begun(restore);
        beside.kill();

        assertFails(
                result.get(2, TimeUnit.MINUTES),
                Reason.SERVER_FAILED,
                "container postgresql, ended: it ended with exit code 137");
    }

    @Test
    void aContainerThatWasBegunAnewHasNoServerToOffer() throws Exception {
        Files.createDirectory(beside.folder.resolve("data"));
        beside.begin();

        assertFails(restore("1Gi").test(), Reason.SERVER_FAILED, "begun anew, most likely at its memory limit");
    }

    @Test
    void oneThatIsToldToEndEnds() throws Exception {
        beside.begin();
        Restore restore = slow("1Gi");
        CompletableFuture<TaskResult> result = begun(restore);
        restore.pod.stop.stop(Reason.CANCELLED, "the task was told to stop");

        assertFails(result.get(2, TimeUnit.MINUTES), Reason.CANCELLED, "the task was told to stop (while restoring");
    }

    @Test
    void aMajorWhoseServerTheImageLacksIsNamedWithTheArgumentThatBuildsIt() {
        beside.without("postgres").begin();

        assertFails(
                restore("1Gi").test(),
                Reason.VERSION_UNSUPPORTED,
                "the backup is of PostgreSQL " + Programs.major(),
                "the server of no major version",
                "Build the image runner-postgres with --build-arg PG_MAJORS=\"" + Programs.major() + "\"",
                "runner.postgresImage",
                "target.server");
    }
}
