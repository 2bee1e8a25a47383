package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Finding.Severity;
import dev.mainstay.core.task.ResultLines;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a preflight finds, and that what it says to run is enough: a backup by a role that had nothing before. */
@Tag("process")
class PreflightProcessTest {

    @TempDir
    Path folder;

    @Test
    void whereAllIsThereNothingIsFoundAndNothingIsLeft() {
        Attempt attempt = new Attempt(folder);

        TaskResult result = attempt.run(TaskKind.PREFLIGHT);

        assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(result.reason()).isNull();
        assertThat(findings(attempt, result)).isEmpty();
        assertThat(Peers.store().keys(attempt.policyPath)).isEmpty();
        assertThat(Peers.store().openUploads(attempt.policyPath)).isEmpty();
    }

    /** All gaps at once, each with the statement that closes it; after these, and no more, a backup succeeds. */
    @Test
    void allGapsAreToldAtOnceAndTheStatementsInThemAreEnough() {
        PostgresServer server = Peers.postgres();
        server.execute(
                "postgres",
                "CREATE ROLE lacking LOGIN PASSWORD 'lacking-secret'",
                "CREATE DATABASE gaps",
                "CREATE DATABASE locked_away",
                "REVOKE CONNECT ON DATABASE locked_away FROM PUBLIC");
        server.execute(
                "gaps",
                "CREATE TABLE public.orders AS SELECT generate_series(1, 3) AS id",
                "CREATE SCHEMA \"Audit log\"",
                "CREATE TABLE \"Audit log\".\"Entry\" (id serial, note text)",
                "INSERT INTO \"Audit log\".\"Entry\" (note) VALUES ('a'), ('b')",
                "CREATE TABLE \"Audit log\".other (id int)",
                "CREATE TABLE public.tenants (id int)",
                "INSERT INTO public.tenants VALUES (1), (2)",
                "ALTER TABLE public.tenants ENABLE ROW LEVEL SECURITY",
                "SELECT lo_from_bytea(0, '\\x01')",
                "SELECT lo_from_bytea(0, '\\x02')");
        Attempt attempt =
                new Attempt(folder).secret("db", "username", "lacking").secret("db", "password", "lacking-secret");
        attempt.database = "gaps";
        attempt.adminDatabase = "locked_away";
        attempt.excludedTableData = List.of("public.Orders", "public.orders");

        List<Finding> found = findings(attempt, attempt.run(TaskKind.PREFLIGHT));

        assertThat(found)
                .extracting(Finding::severity, Finding::check)
                .containsExactly(
                        tuple(Severity.ERROR, "rights in schema Audit log"),
                        tuple(Severity.ERROR, "rights in schema public"),
                        tuple(Severity.ERROR, "row-level security"),
                        tuple(Severity.ERROR, "large objects"),
                        tuple(Severity.WARNING, "database of the locks"),
                        tuple(Severity.WARNING, "exclude.tableData"));
        assertThat(found.get(1).message()).contains("public.orders and 1 other. Run in database \"gaps\": ");
        assertThat(found.get(5).message()).contains("names public.Orders");
        assertThat(attempt.backup().outcome()).as("before").isEqualTo(Outcome.ABORTED);

        found.forEach(finding -> grants(finding.message()).forEach(grant -> server.execute("gaps", grant)));
        server.execute(
                "gaps",
                "DO $$ DECLARE o oid; BEGIN FOR o IN SELECT oid FROM pg_largeobject_metadata LOOP"
                        + " EXECUTE format('GRANT SELECT ON LARGE OBJECT %s TO %I', o, 'lacking'); END LOOP; END $$");
        attempt.excludedTableData = List.of();

        assertThat(findings(attempt, attempt.run(TaskKind.PREFLIGHT))).isEmpty();
        TaskResult backup = attempt.backup();
        assertThat(backup.message()).isNull();
        assertThat(backup.backup().rows()).isEqualTo(7);
    }

    /** The statements in a message; not the last resort, which gives more than is needed. */
    private static Stream<String> grants(String message) {
        return Stream.of(message.split("Run[^:]*: |; "))
                .map(String::strip)
                .filter(statement -> statement.matches("(GRANT|ALTER ROLE) .*"))
                .filter(statement -> !statement.contains("pg_read_all_data"))
                .map(statement -> statement.replaceAll(";.*", ""));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(
                        "a wrong password",
                        a -> a.secret("db", "password", "wrong"),
                        "connection",
                        "AuthenticationFailed"),
                mistake("a missing key", a -> a.withoutSecret("db", "password"), "connection", "CredentialsMissing"),
                mistake("a wrong host", a -> a.host = "db.invalid", "connection", "ConnectionFailed"),
                mistake("a wrong bucket", a -> a.bucket = "nowhere", "bucket: list", "StorageDenied"),
                mistake(
                        "a store that is away",
                        a -> a.endpoint = "http://127.0.0.1:" + Programs.freePort(),
                        "bucket: list",
                        "StorageUnreachable"),
                mistake(
                        "a missing access key",
                        a -> a.withoutSecret("s3", "accessKeyId"),
                        "bucket",
                        "CredentialsMissing"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsOneFinding(Consumer<Attempt> mistake, String check, String reason) {
        Attempt attempt = new Attempt(folder);
        mistake.accept(attempt);

        TaskResult result = attempt.run(TaskKind.PREFLIGHT);

        assertThat(findings(attempt, result))
                .extracting(Finding::check, Finding::reason)
                .containsExactly(tuple(check, reason));
        assertThat(result.preflight().errors()).isEqualTo(1);
        assertThat(result.preflight().first().getFirst().message()).doesNotContain(Peers.PASSWORD);
    }

    @Test
    void mistakesOnBothSidesAreToldTogether() {
        Attempt attempt = new Attempt(folder).secret("db", "password", "wrong");
        attempt.bucket = "nowhere";

        assertThat(findings(attempt, attempt.run(TaskKind.PREFLIGHT)))
                .extracting(Finding::check)
                .contains("connection", "bucket: list");
    }

    @Test
    void eachOperationThatTheStoreRefusesIsToldWithTheRightItTakes() {
        Peers.store().addReader();
        Attempt attempt = new Attempt(folder)
                .secret("s3", "accessKeyId", StoreServer.READER)
                .secret("s3", "secretAccessKey", StoreServer.READER_SECRET);

        List<Finding> found = findings(attempt, attempt.run(TaskKind.PREFLIGHT));

        assertThat(found)
                .extracting(Finding::check)
                .containsExactly("bucket: put", "bucket: multipart upload", "bucket: list uploads");
        assertThat(found.getFirst().message()).contains("s3:PutObject").contains("Secret shop/shop-s3");
    }

    @Test
    void aPathOfAnotherClusterIsTold() {
        Attempt first = new Attempt(folder);
        assertThat(first.backup().outcome()).isEqualTo(Outcome.COMMITTED);
        Attempt second = new Attempt(folder, first.policyPath);
        second.clusterId = "cluster-2";

        assertThat(findings(second, second.run(TaskKind.PREFLIGHT)))
                .singleElement()
                .satisfies(finding -> assertThat(finding.reason()).isEqualTo("OwnedByOther"));
        second.adopt = "cluster-1";
        assertThat(findings(second, second.run(TaskKind.PREFLIGHT))).isEmpty();
    }

    @Test
    void aServerWithoutRoomIsTold() {
        PostgresServer server = Peers.postgres();
        server.execute("postgres", "CREATE DATABASE crowded");
        server.execute(
                "crowded",
                "DO $$ BEGIN FOR i IN 1..3000 LOOP EXECUTE format('CREATE TABLE t%s (id int)', i);"
                        + " IF i % 500 = 0 THEN COMMIT; END IF; END LOOP; END $$",
                "CREATE ROLE few LOGIN PASSWORD 'few-secret' CONNECTION LIMIT 2 IN ROLE pg_read_all_data");
        Attempt attempt = new Attempt(folder).secret("db", "username", "few").secret("db", "password", "few-secret");
        attempt.database = "crowded";

        assertThat(findings(attempt, attempt.run(TaskKind.PREFLIGHT)))
                .extracting(Finding::check)
                .containsExactly("locks", "connections");

        server.execute("postgres", "ALTER DATABASE crowded CONNECTION LIMIT 2", "ALTER ROLE few CONNECTION LIMIT 6");
        attempt.adminDatabase = "no-such-database";
        List<Finding> found = findings(attempt, attempt.run(TaskKind.PREFLIGHT));
        assertThat(found)
                .extracting(Finding::message)
                .anyMatch(message -> message.endsWith("Run: ALTER DATABASE \"crowded\" CONNECTION LIMIT 6;"))
                .anyMatch(message -> message.contains("no-such-database")
                        && message.contains("Correct spec.databases[].postgres.adminDatabase")
                        && !message.contains("GRANT"));
    }

    @Test
    void aStandbyIsTold() {
        PostgresServer server = new PostgresServer();
        server.execute(
                "postgres",
                "CREATE ROLE " + Peers.ROLE + " LOGIN PASSWORD '" + Peers.PASSWORD + "' IN ROLE pg_read_all_data",
                "CREATE DATABASE shop");
        server.becomeStandby();
        Attempt attempt = new Attempt(folder);
        attempt.port = server.port();

        TaskResult result = attempt.run(TaskKind.PREFLIGHT);

        assertThat(findings(attempt, result)).singleElement().satisfies(finding -> {
            assertThat(finding.check()).isEqualTo("standby");
            assertThat(finding.message()).contains("max_standby_streaming_delay");
        });
        assertThat(result.preflight().errors()).isZero();
        server.crash();
    }

    /** A function of the role's own stands for the pooler: it says of any two sessions that they are one. */
    @Test
    void aPoolerIsTold() {
        PostgresServer server = Peers.postgres();
        server.execute(
                "postgres",
                "CREATE DATABASE pooled",
                "CREATE ROLE pooled LOGIN PASSWORD 'pooled-secret' IN ROLE pg_read_all_data",
                "ALTER ROLE pooled SET search_path = one, pg_catalog");
        server.execute(
                "pooled",
                "CREATE SCHEMA one",
                "CREATE FUNCTION one.pg_backend_pid() RETURNS int LANGUAGE sql AS 'SELECT 1'");
        Attempt attempt =
                new Attempt(folder).secret("db", "username", "pooled").secret("db", "password", "pooled-secret");
        attempt.database = "pooled";

        assertThat(findings(attempt, attempt.run(TaskKind.PREFLIGHT)))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.check()).isEqualTo("pooler");
                    assertThat(finding.message()).contains("spec.databases[].postgres.directHost");
                });
    }

    @Test
    void whatIsLeftOutIsToldWhereItMeansNothingOrEverything() {
        PostgresServer server = Peers.postgres();
        server.execute("postgres", "CREATE DATABASE leaving");
        server.execute(
                "leaving",
                "CREATE TABLE public.log (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE public.log_1 PARTITION OF public.log FOR VALUES FROM (0) TO (10)");
        Attempt attempt = new Attempt(folder);
        attempt.database = "leaving";
        attempt.excludedTableData = List.of("public.log");

        assertThat(findings(attempt, attempt.run(TaskKind.PREFLIGHT)))
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.message()).contains("partitioned").contains("its partitions"));
        attempt.excludedTableData = List.of("public.log*");
        assertThat(findings(attempt, attempt.run(TaskKind.PREFLIGHT)))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("every table"));
    }

    private static Arguments mistake(String name, Consumer<Attempt> mistake, String check, String reason) {
        return Arguments.of(Named.of(name, mistake), check, reason);
    }

    /** As they are in the log, which must be what the termination message says. */
    private static List<Finding> findings(Attempt attempt, TaskResult result) {
        assertThat(result.preflight()).as("%s", result).isNotNull();
        List<String> log =
                attempt.progress.toString(StandardCharsets.UTF_8).lines().toList();
        String json = ResultLines.FINDINGS
                .join(
                        log.stream().filter(line -> line.startsWith("result ")).toList().reversed().stream()
                                .limit(1)
                                .toList(),
                        result.preflight().sha256())
                .orElseThrow();
        try {
            List<Finding> found = TaskJson.mapper().readValue(json, new TypeReference<>() {});
            assertThat(result.preflight().errors() + result.preflight().warnings())
                    .isEqualTo(found.size());
            return found;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
