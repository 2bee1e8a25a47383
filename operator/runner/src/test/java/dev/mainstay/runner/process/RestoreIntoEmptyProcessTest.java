package dev.mainstay.runner.process;

import static dev.mainstay.runner.postgres.Identifiers.quoted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.query.ExpectationOperator;
import dev.mainstay.api.query.RestoreQuery;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Finding.Severity;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.RestoreReport.State;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A backup goes into a database that is there and empty: all of it and verified, or nothing at all. */
@Tag("process")
class RestoreIntoEmptyProcessTest {

    @TempDir
    Path folder;

    private final PostgresServer server = Peers.postgres();
    private final RichDatabase rich = new RichDatabase("Rich = \"shop's\" \\ " + System.nanoTime());
    private final String target = "Fresh = \"shop's\" \\ " + System.nanoTime();

    @AfterEach
    void drop() {
        rich.drop();
        server.execute("postgres", "DROP DATABASE IF EXISTS " + quoted(target) + " WITH (FORCE)");
    }

    /** A restore of the backup of a database into another one, which is empty. */
    private Restore restore(String... source) {
        if (source.length > 0) {
            server.execute(rich.name, source);
        }
        Attempt backup = new Attempt(folder)
                .secret("db", "username", PostgresServer.ADMIN)
                .secret("db", "password", PostgresServer.ADMIN_PASSWORD);
        backup.database = rich.name;
        TaskResult result = backup.backup();
        assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.COMMITTED);
        server.execute("postgres", "CREATE DATABASE " + quoted(target) + " OWNER \"rich owner\"");
        Restore restore = new Restore(folder, target);
        restore.path = backup.path;
        restore.copy = target;
        restore.previous = null;
        restore.intoEmpty = true;
        return restore;
    }

    private Restore again(Restore restore) {
        Restore again = restore.again(folder);
        again.intoEmpty = true;
        return again;
    }

    private String made() {
        return server.query(
                target, "SELECT count(*) FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'p', 'v', 'S', 'm')");
    }

    private String comment() {
        return server.query(
                "postgres",
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '"
                        + target.replace("'", "''") + "'");
    }

    private void assertEmpty(Restore restore) {
        assertThat(made()).isEqualTo("0");
        assertThat(comment()).isNull();
        TaskResult settled = again(restore).settle();
        assertThat(settled.message()).isNull();
        assertThat(settled.restore().swap().state()).isEqualTo(State.NOT_SWAPPED);
        assertThat(settled.restore().swap().leftOver()).isNull();
        await().atMost(Duration.ofSeconds(20)).until(() -> Attempt.children().isEmpty());
    }

    private static RestoreQuery query(String sql, ExpectationOperator operator, String value) {
        return new RestoreQuery("asked", sql, new RestoreQuery.Expectation(operator, value));
    }

    @Test
    void everythingComesBackAndTheMarkTellsWhoseRestoreItWas() {
        Restore restore = restore();
        server.execute("postgres", "COMMENT ON DATABASE " + quoted(target) + " IS 'made by \\ the ''provider'''");
        restore.queries = List.of(
                query("SELECT count(*) FROM orders WHERE note LIKE 'note%'", ExpectationOperator.EQUALS, "1000"),
                query("SELECT current_setting('search_path')", ExpectationOperator.EQUALS, "app, public"));

        TaskResult plan = restore.plan();
        assertThat(plan.restore().facts().findings()).isEmpty();
        TaskResult result = restore.fill();

        assertThat(result.message()).isNull();
        RestoreReport.Copy copy = result.restore().copy();
        assertThat(copy.leftOut()).isEmpty();
        assertThat(copy.rowsCompared()).isTrue();
        assertThat(copy.rows()).isEqualTo(RichDatabase.ROWS);
        assertThat(copy.tables()).isEqualTo(RichDatabase.TABLES);
        assertThat(copy.bytes()).isPositive();
        assertThat(comment())
                .startsWith(
                        "Mainstay restore " + restore.mark + ": restored by RestoreRequest shop/restore-" + restore.id)
                .endsWith("; its comment before: made by \\ the 'provider'");
        assertThat(differences()).isEmpty();
        assertThat(server.query(target, "SELECT count(*) FROM pg_stats WHERE tablename = 'orders'"))
                .isNotEqualTo("0");
        assertThat(server.query(
                        "postgres", "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'mainstay%'"))
                .isEqualTo("0");
    }

    private Map<String, String> differences() {
        TreeMap<String, String> before = rich.contents(rich.name);
        TreeMap<String, String> after = rich.contents(target);
        assertThat(before).hasSizeGreaterThan(50);
        Map<String, String> differences = RichDatabase.differences(before, after);
        return differences;
    }

    @Test
    void onceMoreItKnowsThatItIsDoneAlready() {
        Restore restore = restore();
        assertThat(restore.fill().message()).isNull();
        // What the application writes then is no reason to call it wrong.
        server.execute(target, "INSERT INTO app.orders (note) VALUES ('new')");

        TaskResult result = again(restore).fill();

        assertThat(result.message()).isNull();
        assertThat(result.restore().copy().rows()).isEqualTo(RichDatabase.ROWS + 1);
        assertThat(again(restore).settle().restore().swap().state()).isEqualTo(State.SWAPPED);
        Restore other = again(restore);
        other.mark = "another";
        assertThat(other.fill().reason()).isEqualTo("DatabaseNotEmpty");
        assertThat(other.settle().restore().swap().leftOver())
                .contains(" holds table ", " and 11 more. ", "None of it is of this restore");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CREATE TABLE t (id int)                                     | table public.t",
                "CREATE VIEW v AS SELECT 1                                   | view public.v",
                "CREATE SEQUENCE s                                           | sequence public.s",
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'  | function public.f",
                "CREATE TYPE e AS ENUM ('a')                                 | type public.e",
                "CREATE DOMAIN d AS int                                      | type public.d",
                "SELECT lo_create(4712)                                      | large object 4712",
                "CREATE TABLE a (i int); CREATE TABLE b (i int); CREATE TABLE c (i int); CREATE TABLE d (i int); CREATE TABLE e (i int) | table public.a, table public.b, table public.c, table public.d, and 1 more",
                "CREATE SCHEMA app                                           | schemas app, which the backup makes",
            })
    void whatIsThereIsNamedAndKeptAndNothingIsRestored(String there, String named) {
        Restore restore = restore();
        server.execute(target, there);

        assertThat(restore.findings()).anySatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.reason()).isEqualTo("DatabaseNotEmpty");
            assertThat(finding.message()).contains(named);
        });
        TaskResult result = restore.fill();
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.message()).containsAnyOf(named, "schema \"app\" already exists");
        assertThat(comment()).isNull();
        assertThat(server.query(target, "SELECT to_regclass('app.orders')")).isNull();
    }

    /** An extension, what it brought, and a schema that is not the backup's: providers put these there. */
    @Test
    void whatAProviderPutsThereIsNoReasonToRefuse() {
        Restore restore = restore();
        server.execute(
                target, "CREATE SCHEMA theirs", "CREATE EXTENSION pg_trgm", "CREATE EXTENSION hstore SCHEMA theirs");

        assertThat(restore.findings()).isEmpty();
        assertThat(restore.fill().message()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT count(*) FROM app.orders          | GreaterThan | 1000 | answers 1000, and it must be greater than 1000.",
                "SELECT note FROM app.orders LIMIT 1      | Equals      | x    | answers a text of ",
                "SELECT note FROM app.orders LIMIT 2      | Equals      | x    | it answered 2 rows, and must answer one.",
                "SELECT 1, 2                              | Equals      | 1    | it answers several columns, and must answer one.",
                "SELECT NULL                              | Equals      | 1    | answers nothing (null)",
                "SELECT count(*) FROM app.nowhere         | Equals      | 1    | relation \"app.nowhere\" does not exist.",
                "SELECT note::int FROM app.orders LIMIT 1 | Equals      | 1    | the server ended it with SQLSTATE 22P02",
                "DELETE FROM app.orders RETURNING 1       | Equals      | 1    | ",
                "SELECT nextval('app.numbers')            | Equals      | 1    | cannot execute nextval() in a read-only transaction",
                "SELECT 1; SELECT 1                       | Equals      | 1    | it must be exactly one statement.",
                "COMMIT                                   | Equals      | 1    | ",
                "\\! touch /tmp/mainstay-test-shell       | Equals      | 1    | ",
                "SELECT 1 \\g /tmp/mainstay-test-shell    | Equals      | 1    | ",
            })
    void aQueryThatDoesNotPassLeavesTheDatabaseEmpty(String sql, String operator, String value, String said) {
        Restore restore = restore();
        restore.queries = List.of(query(
                sql, operator.equals("Equals") ? ExpectationOperator.EQUALS : ExpectationOperator.GREATER_THAN, value));

        TaskResult result = restore.fill();

        assertThat(result.reason()).as(result.message()).isEqualTo("VerificationFailed");
        assertThat(result.message())
                .startsWith("RestoreRequest shop/restore-" + restore.id + ", spec.verify.queries, asked: ")
                .contains(said == null ? "" : said)
                .endsWith(" Nothing of it was committed.")
                .doesNotContain("note 1");
        assertThat(Path.of("/tmp/mainstay-test-shell")).doesNotExist();
        assertEmpty(restore);
    }

    @Test
    void tooFewTablesLeaveTheDatabaseEmpty() {
        Restore restore = restore();
        restore.minimumTables = 40;

        TaskResult result = restore.fill();

        assertThat(result.reason()).isEqualTo("VerificationFailed");
        assertThat(result.message()).contains("what was restored has 5 tables, and should have 40 at least.");
        assertEmpty(restore);
    }

    /** The archive is whole, and does not restore: a check that the data does not pass any more. */
    @Test
    void anErrorInTheMiddleLeavesTheDatabaseEmptyAndTellsNoRow() {
        Restore restore = restore(
                "CREATE FUNCTION app.here(int) RETURNS bool LANGUAGE sql AS $$ SELECT current_database() NOT LIKE 'Fresh%' $$",
                "CREATE TABLE app.zebras (stripes int CONSTRAINT only_here CHECK (app.here(stripes)))",
                "INSERT INTO app.zebras VALUES (424242)");

        TaskResult result = restore.fill();

        assertThat(result.reason()).as(result.message()).isEqualTo("RestoreFailed");
        assertThat(result.message())
                .startsWith("a row of the backup violates a constraint (TABLE DATA zebras ")
                .endsWith(" Nothing of it was committed.");
        assertThat(result.message() + result.logTail()).doesNotContain("424242");
        assertEmpty(restore);
    }

    @Test
    void anExtensionThatTheServerLacksIsToldAndTheDatabaseStaysEmpty() {
        Restore restore = restore(
                "CREATE EXTENSION hstore SCHEMA public",
                "CREATE TABLE app.needs (what public.hstore)",
                // As after a move to a server on which nobody has installed it.
                "SET allow_system_table_mods = on; UPDATE pg_extension SET extname = 'gone' WHERE extname = 'hstore'");

        assertThat(restore.findings()).extracting(Finding::reason).containsExactly("ExtensionMissing");
        TaskResult result = restore.fill();

        assertThat(result.reason()).as(result.message()).isEqualTo("ExtensionMissing");
        assertThat(result.message()).contains("the extension gone", "Install it on the server.");
        assertEmpty(restore);
    }

    @Test
    void aDatabaseThatIsNotThereIsTold() {
        Restore restore = restore();
        server.execute("postgres", "DROP DATABASE " + quoted(target));
        assertThat(restore.findings()).extracting(Finding::reason).containsExactly("DatabaseNotFound");
        assertThat(restore.fill().reason()).isEqualTo("DatabaseNotFound");
        assertThat(restore.settle().restore().swap().leftOver()).contains("does not exist any more");
    }

    /** In a copy, and only there, its one row takes long enough to be met. */
    private Restore held() {
        return restore(
                "CREATE FUNCTION app.slow(int) RETURNS bool LANGUAGE sql AS $$ SELECT true FROM (SELECT pg_sleep(CASE WHEN"
                        + " current_database() LIKE 'Fresh%' THEN 5 ELSE 0 END)) s $$",
                "CREATE TABLE app.b_slow (id int CHECK (app.slow(id)))",
                "INSERT INTO app.b_slow VALUES (1)",
                // More than fits into the pipes behind it.
                "CREATE TABLE app.c_large AS SELECT g AS id, md5(g::text) AS text FROM generate_series(1, 20000) g");
    }

    @Test
    void aKilledPodLeavesItEmptyAndTheNextTryFillsIt() throws Exception {
        Restore restore = held();
        Process pod = restore.pod.pod(
                restore.task(TaskKind.RESTORE_INTO_EMPTY), folder.resolve("termination-log"), folder.resolve("log"));
        long backend = server.holdWhileCopying("b_slow");
        List<ProcessHandle> children = pod.descendants().toList();
        pod.destroyForcibly().waitFor();
        children.forEach(ProcessHandle::destroyForcibly);
        PostgresServer.release(backend);

        TaskResult settled = again(restore).settle();
        assertThat(settled.restore().swap().state()).isEqualTo(State.NOT_SWAPPED);
        assertThat(settled.restore().swap().leftOver()).isNull();
        assertThat(server.query("postgres", "SELECT 1 FROM pg_stat_activity WHERE pid = " + backend))
                .as("its session")
                .isNull();
        assertThat(made()).isEqualTo("0");

        assertThat(again(restore).fill().message()).isNull();
        assertThat(differences()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/pg_restore", "/psql"})
    void aKilledProgramLeavesItEmpty(String program) {
        Restore restore = held();
        CompletableFuture<TaskResult> running = restore.begin(TaskKind.RESTORE_INTO_EMPTY);
        long backend = server.holdWhileCopying("b_slow");
        ProcessHandle.current()
                .descendants()
                .filter(p -> p.info().command().orElse("").endsWith(program))
                .forEach(ProcessHandle::destroyForcibly);
        PostgresServer.release(backend);

        TaskResult result = running.join();

        assertThat(result.reason()).as(result.message()).isEqualTo("RestoreFailed");
        assertThat(result.message()).contains("ended by signal 9").endsWith(" Nothing of it was committed.");
        assertEmpty(restore);
    }

    @Test
    void aServerSessionThatIsEndedLeavesItEmpty() {
        Restore restore = held();
        CompletableFuture<TaskResult> running = restore.begin(TaskKind.RESTORE_INTO_EMPTY);
        long backend = server.holdWhileCopying("b_slow");
        server.execute("postgres", "SELECT pg_terminate_backend(" + backend + ")");
        PostgresServer.release(backend);

        TaskResult result = running.join();

        assertThat(result.reason()).as(result.message()).isEqualTo("ConnectionFailed");
        assertEmpty(restore);
    }

    @Test
    void whoIsToldToStopLeavesItEmptyAndSaysWhereItWas() {
        Restore restore = held();
        CompletableFuture<TaskResult> running = restore.begin(TaskKind.RESTORE_INTO_EMPTY);
        long backend = server.holdWhileCopying("b_slow");
        restore.pod.stop.stop(Reason.DEADLINE_EXCEEDED, "too long");
        PostgresServer.release(backend);

        TaskResult result = running.join();

        assertThat(result.reason()).isEqualTo("DeadlineExceeded");
        assertThat(result.message())
                .startsWith("too long (while restoring, ")
                .endsWith(" Nothing of it was committed.");
        assertEmpty(restore);
    }

    @Test
    void twoAtOnceAreOneAndALookWaits() {
        Restore restore = held();
        CompletableFuture<TaskResult> first = restore.begin(TaskKind.RESTORE_INTO_EMPTY);
        long backend = server.holdWhileCopying("b_slow");

        TaskResult second = again(restore).fill();
        Restore look = again(restore);
        look.fenceMayStand = true;
        TaskResult settled = look.settle();
        PostgresServer.release(backend);

        assertThat(second.reason()).as(second.message()).isEqualTo("AnotherRunner");
        assertThat(settled.reason()).as(settled.message()).isEqualTo("AnotherRunner");
        assertThat(first.join().message()).isNull();
        assertThat(differences()).isEmpty();
    }
}
