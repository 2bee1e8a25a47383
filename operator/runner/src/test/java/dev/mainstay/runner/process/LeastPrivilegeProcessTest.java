package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.task.RestoreReport.State;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What docs/least-privilege.md says is enough, and not more than that. */
@Tag("process")
class LeastPrivilegeProcessTest {

    private static final Path PAGE =
            Path.of(System.getProperty("repositoryRoot")).resolve("docs/least-privilege.md");
    private static final String USER = "mainstay-backup";
    private static final String SECRET = "store-secret-store-secret";
    private static final String POLICY_PATH = "prod/shop/nightly/";

    @TempDir
    Path folder;

    private static StoreServer store;
    private static String bucketPolicy;

    @BeforeAll
    static void asThePageSays() throws IOException {
        String page = Files.readString(PAGE);
        bucketPolicy = block(page, "json");
        PostgresServer server = Peers.postgres();
        server.execute("postgres", "CREATE DATABASE ecommerce");
        server.execute(
                "ecommerce",
                "CREATE SCHEMA audit",
                "CREATE TABLE audit.log (id serial, note text)",
                "CREATE TABLE public.orders AS SELECT generate_series(1, 5) AS id");
        server.execute("postgres", statements(block(page, "sql")));
        server.execute("postgres", "CREATE ROLE shop", "ALTER DATABASE ecommerce OWNER TO shop");
        server.execute("ecommerce", "ALTER SCHEMA audit OWNER TO shop", "ALTER TABLE audit.log OWNER TO shop");
        server.execute("ecommerce", "ALTER TABLE orders OWNER TO shop");
        server.execute("postgres", statements(block(page, "sql restore")));
        store = new StoreServer(false);
        store.user(USER, SECRET);
        store.policy(bucketPolicy);
    }

    @AfterAll
    static void end() {
        store.kill();
    }

    private static String block(String page, String language) {
        Matcher fence =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(page);
        assertThat(fence.find()).isTrue();
        return fence.group(1);
    }

    private static String[] statements(String block) {
        return Arrays.stream(block.split(";"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toArray(String[]::new);
    }

    private Attempt attempt() {
        Attempt attempt = new Attempt(folder, POLICY_PATH)
                .secret("db", "username", "mainstay_backup")
                .secret("db", "password", "change me")
                .secret("s3", "accessKeyId", USER)
                .secret("s3", "secretAccessKey", SECRET);
        attempt.database = "ecommerce";
        attempt.endpoint = store.endpoint();
        attempt.tags = Map.of();
        return attempt;
    }

    @Test
    void itIsEnoughForEverythingThatBackupsDo() {
        store.policy(bucketPolicy);
        Attempt attempt = attempt();

        TaskResult preflight = attempt.run(TaskKind.PREFLIGHT);
        assertThat(preflight.preflight().first()).isEmpty();
        TaskResult backup = attempt.backup();
        assertThat(backup.message()).isNull();
        assertThat(backup.backup().rows()).isEqualTo(5);
        assertThat(attempt.run(TaskKind.VERIFY).outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(attempt.run(TaskKind.REMOVE).outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(store.keys(attempt.path)).isEmpty();
        assertThat(attempt().run(TaskKind.SETTLE).outcome()).isEqualTo(Outcome.ABORTED);
    }

    private Restore restore(Attempt backup) {
        Restore restore = new Restore(folder, backup).as("mainstay_restore", "change me");
        restore.pod.secret("s3", "accessKeyId", USER).secret("s3", "secretAccessKey", SECRET);
        restore.pod.endpoint = store.endpoint();
        return restore;
    }

    @Test
    void theRoleForRestoresGoesTheWholeWayAndBack() throws SQLException {
        store.policy(bucketPolicy);
        Attempt backup = attempt();
        assertThat(backup.backup().message()).isNull();
        Restore restore = restore(backup);
        try (Connection other = other()) {
            assertThat(restore.plan().restore().facts().sessions()).isEqualTo(1);
            assertThat(restore.findings()).isEmpty();
            assertThat(restore.copy().message()).isNull();
            assertThat(restore.swap().message()).isNull();
            assertThat(other.isValid(1)).isFalse();
        }
        Restore undo = restore(backup);
        undo.path = null;
        undo.copy = restore.previous;
        undo.copyIsKept = true;
        assertThat(undo.findings()).isEmpty();
        assertThat(undo.swap().restore().swap().state()).isEqualTo(State.SWAPPED);
        Peers.postgres().execute("postgres", "DROP DATABASE " + undo.previous);
    }

    private static Connection other() throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {Peers.postgres().port()});
        source.setDatabaseName("ecommerce");
        return source.getConnection("mainstay_backup", "change me");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ALTER ROLE mainstay_restore NOCREATEDB | ALTER ROLE mainstay_restore CREATEDB",
                "REVOKE shop FROM mainstay_restore | GRANT shop TO mainstay_restore",
                "REVOKE pg_signal_backend FROM mainstay_restore | GRANT pg_signal_backend TO mainstay_restore",
                "ALTER ROLE mainstay_restore CONNECTION LIMIT 2 | ALTER ROLE mainstay_restore CONNECTION LIMIT 3"
            })
    void eachRightForRestoresIsNeededAndAPlanAsksForIt(String taken, String given) throws SQLException {
        store.policy(bucketPolicy);
        Attempt backup = attempt();
        assertThat(backup.backup().message()).isNull();
        Peers.postgres().execute("postgres", taken);
        try (Connection _ = other()) {
            assertThat(restore(backup).findings())
                    .extracting(finding -> finding.message().replace("\"", ""))
                    .anyMatch(message -> message.contains("Run: " + given + ";"));
        } finally {
            Peers.postgres().execute("postgres", given);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3:ListBucket",
                "s3:ListBucketMultipartUploads",
                "s3:GetObject",
                "s3:PutObject",
                "s3:DeleteObject",
                "s3:AbortMultipartUpload"
            })
    void eachPermissionIsNeededAndAPreflightAsksForIt(String permission) {
        assertThat(bucketPolicy).contains("\"" + permission + "\"");
        store.policy(bucketPolicy
                .replace("\"" + permission + "\", ", "")
                .replace(", \"" + permission + "\"", "")
                .replace("[\"" + permission + "\"]", "[]"));

        assertThat(attempt().run(TaskKind.PREFLIGHT).preflight().first())
                .extracting(finding -> finding.message())
                .anyMatch(message -> message.contains("Allow " + permission + " on "));
    }

    @Test
    void thePageNamesEachPermissionThatATestTakesAway() {
        assertThat(Pattern.compile("\"(s3:\\w+)\"")
                        .matcher(bucketPolicy)
                        .results()
                        .map(match -> match.group(1)))
                .containsExactlyInAnyOrderElementsOf(List.of(
                        "s3:ListBucket",
                        "s3:ListBucketMultipartUploads",
                        "s3:GetObject",
                        "s3:PutObject",
                        "s3:DeleteObject",
                        "s3:AbortMultipartUpload"));
    }
}
