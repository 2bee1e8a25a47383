package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a person has set up wrongly: each ends with a reason, says what to correct, and leaves nothing. */
@Tag("process")
class BackupRefusalProcessTest {

    @TempDir
    Path folder;

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(
                        "wrong password",
                        a -> a.secret("db", "password", "wrong"),
                        "AuthenticationFailed",
                        "Secret shop/shop-db-backup (key password)"),
                mistake(
                        "password with a line break",
                        a -> a.secret("db", "password", Peers.PASSWORD + "\n"),
                        "AuthenticationFailed",
                        "ends with a line break"),
                mistake(
                        "unknown role",
                        a -> a.secret("db", "username", "nobody"),
                        "AuthenticationFailed",
                        "role nobody"),
                mistake(
                        "wrong host",
                        a -> a.host = "db.invalid",
                        "ConnectionFailed",
                        "no address is known for host db.invalid"),
                mistake("wrong port", a -> a.port = Programs.freePort(), "ConnectionFailed", "connection refused"),
                mistake("missing database", a -> a.database = "shops", "DatabaseNotFound", "has no database shops"),
                mistake(
                        "missing bucket",
                        a -> a.bucket = "no-such-bucket",
                        "StorageDenied",
                        "There is no bucket no-such-bucket"),
                mistake(
                        "wrong access key",
                        a -> a.secret("s3", "accessKeyId", "nobody"),
                        "StorageDenied",
                        "correct key accessKeyId in Secret shop/shop-s3"),
                mistake(
                        "wrong secret key",
                        a -> a.secret("s3", "secretAccessKey", "wrong"),
                        "StorageDenied",
                        "correct key secretAccessKey in Secret shop/shop-s3"),
                mistake(
                        "store away",
                        a -> {
                            a.endpoint = "http://127.0.0.1:" + Programs.freePort();
                        },
                        "StorageUnreachable",
                        "refused"),
                mistake(
                        "store's host unknown",
                        a -> a.endpoint = "http://s3.invalid",
                        "StorageUnreachable",
                        "no address"),
                mistake(
                        "TLS asked of a plain store",
                        a -> a.endpoint = a.endpoint.replace("http", "https"),
                        "StorageUnreachable",
                        "http or https"),
                mistake(
                        "missing key",
                        a -> a.secret("db", "user", "x").withoutSecret("db", "password"),
                        "CredentialsMissing",
                        "Secret shop/shop-db-backup has no key password (keys found: user, username)"),
                mistake(
                        "missing Secret",
                        a -> a.withoutSecret("db", "password").withoutSecret("db", "username"),
                        "CredentialsMissing",
                        "Secret shop/shop-db-backup does not exist or is empty"),
                mistake(
                        "missing S3 Secret",
                        a -> a.withoutSecret("s3", "accessKeyId").withoutSecret("s3", "secretAccessKey"),
                        "CredentialsMissing",
                        "Secret shop/shop-s3 does not exist or is empty"),
                mistake(
                        "started too late",
                        a -> a.startBy = Instant.now().minusSeconds(5),
                        "DeadlineExceeded",
                        "when spec.pendingTimeout was over"));
    }

    private static Arguments mistake(String name, Consumer<Attempt> make, String reason, String message) {
        return Arguments.of(Named.of(name, make), reason, message);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsTold(Consumer<Attempt> make, String reason, String message) {
        Attempt attempt = new Attempt(folder);
        make.accept(attempt);

        TaskResult result = attempt.backup();

        assertThat(result.reason()).as(result.message()).isEqualTo(reason);
        assertThat(result.message()).contains(message).doesNotContain(Peers.PASSWORD, StoreServer.SECRET_KEY);
        assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
        attempt.assertNothingIsLeft();
    }

    @Test
    void aStoreThatTakesNoObjectsIsTold() {
        Peers.store().addReader();
        Attempt attempt = new Attempt(folder)
                .secret("s3", "accessKeyId", StoreServer.READER)
                .secret("s3", "secretAccessKey", StoreServer.READER_SECRET);

        TaskResult result = attempt.backup();

        assertThat(result.reason()).as(result.message()).isEqualTo("StorageDenied");
        assertThat(result.message())
                .contains("s3:PutObject")
                .contains(attempt.policyPath)
                .contains("Secret shop/shop-s3");
        attempt.assertNothingIsLeft();
    }

    @Test
    void aRoleThatMayNotReadEverythingIsTold() {
        PostgresServer server = Peers.postgres();
        server.execute("postgres", "CREATE ROLE poor LOGIN PASSWORD 'poor-secret'");
        Attempt attempt = new Attempt(folder).secret("db", "username", "poor").secret("db", "password", "poor-secret");

        TaskResult result = attempt.backup();

        assertThat(result.reason()).as(result.message()).isEqualTo("PermissionDenied");
        assertThat(result.message()).contains("pg_read_all_data");
        assertThat(result.logTail()).isNotEmpty();
        attempt.assertNothingIsLeft();
    }

    @Test
    void aTableThatStaysLockedIsTold() throws SQLException {
        Attempt attempt = new Attempt(folder);
        attempt.lockWaitTimeoutSeconds = 1;
        try (Connection holder = Peers.postgres().connect(Peers.SHOP)) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("LOCK TABLE public.empty IN ACCESS EXCLUSIVE MODE");

            TaskResult result = attempt.backup();

            assertThat(result.reason()).as(result.message()).isEqualTo("LockTimeout");
            assertThat(result.message()).contains("spec.lockWaitTimeout");
        }
        attempt.assertNothingIsLeft();
    }

    @Test
    void aPathOfAnotherClusterIsRefusedUntilItIsAdopted() {
        Attempt first = new Attempt(folder);
        assertThat(first.backup().outcome()).isEqualTo(Outcome.COMMITTED);
        Attempt second = new Attempt(folder, first.policyPath);
        second.clusterId = "cluster-2";

        TaskResult refused = second.backup();

        assertThat(refused.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(refused.reason()).isEqualTo("OwnedByOther");
        assertThat(refused.message())
                .contains("in cluster cluster-1")
                .contains("{\"spec\":{\"storage\":{\"adopt\":\"cluster-1\"}}}");
        second.assertNothingIsLeft();

        second.adopt = "cluster-1";
        assertThat(second.backup().outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(new Attempt(folder, first.policyPath).backup().reason()).isEqualTo("OwnedByOther");
    }
}
