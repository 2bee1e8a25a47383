package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import dev.mainstay.runner.process.FaultyStore.Fault;
import dev.mainstay.runner.process.FaultyStore.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the database and the store are reached: by a client certificate, through a proxy. */
@Tag("process")
class BackupConnectionProcessTest {

    @TempDir
    Path folder;

    @Test
    void aServerThatAsksForACertificateGetsIt() throws IOException {
        PostgresServer server = new PostgresServer(true);
        server.execute(
                "postgres",
                "CREATE ROLE certified LOGIN",
                "GRANT pg_read_all_data TO certified",
                "CREATE DATABASE shop");
        server.execute("shop", "CREATE TABLE t AS SELECT generate_series(1, 11) AS id");
        server.authority().issue("certified", "/CN=certified", null);
        Attempt attempt =
                new Attempt(folder).secret("db", "username", "certified").secret("db", "password", "not asked for");
        attempt.port = server.port();
        attempt.sslMode = "verify-full";
        attempt.databaseAuthority = true;
        attempt.secret("db-ca", "ca.crt", server.authority().read("ca.crt"));

        TaskResult without = attempt.backup();
        assertThat(without.reason()).as(without.message()).isEqualTo("AuthenticationFailed");

        attempt.clientCertificate = true;
        TaskResult noSecret = attempt.backup();
        assertThat(noSecret.reason()).isEqualTo("CredentialsMissing");
        assertThat(noSecret.message()).contains("Secret shop/shop-db-client");

        attempt.secret("db-client", "tls.crt", server.authority().read("certified.crt"))
                .secret("db-client", "tls.key", server.authority().read("certified.key"));
        assertThat(attempt.run(TaskKind.PREFLIGHT).preflight().first()).isEmpty();
        TaskResult with = attempt.backup();
        assertThat(with.message()).isNull();
        assertThat(with.backup().rows()).isEqualTo(11);
        assertThat(Peers.store().read(attempt.path + "globals.sql")).contains("CREATE ROLE certified");
    }

    @Test
    void aStoreIsReachedThroughAProxy() throws Exception {
        try (FaultyStore proxy = new FaultyStore(Peers.store().port())) {
            Attempt attempt = new Attempt(folder);
            attempt.endpoint = "http://store.only-the-proxy-knows.invalid";
            attempt.environment = Map.of("HTTP_PROXY", proxy.endpoint(), "NO_PROXY", "127.0.0.1");

            assertThat(pod(attempt))
                    .satisfies(result ->
                            assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.COMMITTED));
            assertThat(proxy.requests())
                    .extracting(Request::line)
                    .allMatch(line -> line.contains("http://store.only-the-proxy-knows.invalid"));
        }
    }

    @Test
    void aStoreThatSpeaksTlsIsReachedThroughATunnel() throws Exception {
        StoreServer secure = new StoreServer(true);
        try (FaultyStore proxy = new FaultyStore(secure.port())) {
            Attempt attempt = securely(secure);
            attempt.endpoint = "https://localhost";
            attempt.environment = Map.of("HTTPS_PROXY", proxy.endpoint());

            assertThat(pod(attempt))
                    .satisfies(result ->
                            assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.COMMITTED));
            assertThat(proxy.requests())
                    .isNotEmpty()
                    .allSatisfy(request -> assertThat(request.line()).isEqualTo("CONNECT localhost:443 HTTP/1.1"));
        }
        secure.kill();
    }

    @Test
    void aProxyThatIsNotThereOrRefusesIsNamed() throws Exception {
        StoreServer secure = new StoreServer(true);
        try (FaultyStore proxy = new FaultyStore(secure.port())) {
            proxy.rule(request -> new Fault.Answer(403, ""));
            Attempt attempt = securely(secure);
            attempt.environment = Map.of("HTTPS_PROXY", "http://me:secret@proxy.invalid:3128");
            TaskResult unknown = pod(attempt);
            attempt.environment = Map.of("HTTPS_PROXY", proxy.endpoint());
            TaskResult refused = pod(attempt);
            attempt.environment = Map.of("HTTPS_PROXY", "http://proxy.invalid:3128", "NO_PROXY", "127.0.0.1");
            TaskResult excepted = pod(attempt);

            assertThat(unknown.reason()).isEqualTo("StorageUnreachable");
            assertThat(unknown.message())
                    .contains("through the proxy http://proxy.invalid:3128): no address is known for the proxy's host.")
                    .contains("proxy.exceptions")
                    .doesNotContain("secret");
            assertThat(refused.message())
                    .contains("through the proxy " + proxy.endpoint() + ")")
                    .contains(
                            "403, without a store's code and request id: it may be the proxy's. Allow the store's host");
            assertThat(excepted.outcome()).as(excepted.message()).isEqualTo(Outcome.COMMITTED);
        }
        secure.kill();
    }

    /** A bucket with object lock demands it; stores that don't know of it refuse it. */
    @Test
    void eachUploadCarriesAHashWhereThatIsWantedAndNoneWhereItIsNot() throws Exception {
        try (FaultyStore store = new FaultyStore(Peers.store().port())) {
            Attempt attempt = new Attempt(folder);
            attempt.endpoint = store.endpoint();
            attempt.checksumsWhenRequiredOnly = false;
            assertThat(attempt.backup().outcome()).isEqualTo(Outcome.COMMITTED);
            List<Request> wanted = List.copyOf(store.requests());

            Attempt without = new Attempt(folder);
            without.endpoint = store.endpoint();
            assertThat(without.backup().outcome()).isEqualTo(Outcome.COMMITTED);
            List<Request> notWanted =
                    store.requests().subList(wanted.size(), store.requests().size());

            assertThat(uploads(wanted)).isNotEmpty().allMatch(head -> head.contains("x-amz-checksum-crc32"));
            assertThat(uploads(notWanted)).isNotEmpty().noneMatch(head -> head.contains("x-amz-checksum"));
        }
    }

    @Test
    void whatIsStoredIsAskedForWithItsClassAndItsKey() throws Exception {
        try (FaultyStore store = new FaultyStore(Peers.store().port())) {
            Attempt attempt = new Attempt(folder);
            attempt.endpoint = store.endpoint();
            attempt.serverSideEncryption = "aws:kms";
            attempt.kmsKeyId = "arn:aws:kms:eu-central-1:111122223333:key/backups";
            attempt.storageClass = "STANDARD_IA";

            TaskResult result = attempt.backup();

            assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.COMMITTED);
            assertThat(store.requests())
                    .filteredOn(request -> request.line().matches("POST .*[?&]uploads.*"))
                    .isNotEmpty()
                    .allMatch(request -> request.head().contains("x-amz-storage-class: STANDARD_IA"))
                    .allMatch(ofItsKey(attempt));
            assertThat(store.requests())
                    .filteredOn(request -> request.line().startsWith("PUT ") && !request.uploadsAPart())
                    .isNotEmpty()
                    .allMatch(ofItsKey(attempt))
                    .noneMatch(request -> request.has("x-amz-storage-class"));
        }
    }

    private static Predicate<Request> ofItsKey(Attempt attempt) {
        return request -> request.head().contains("x-amz-server-side-encryption: aws:kms")
                && request.head().contains("x-amz-server-side-encryption-aws-kms-key-id: " + attempt.kmsKeyId);
    }

    private static List<String> uploads(List<Request> requests) {
        return requests.stream()
                .filter(request -> request.line().startsWith("PUT "))
                .map(request -> request.head().toLowerCase(Locale.ROOT))
                .toList();
    }

    private Attempt securely(StoreServer secure) throws IOException {
        Attempt attempt = new Attempt(folder);
        attempt.endpoint = secure.endpoint();
        attempt.privateAuthority = true;
        attempt.secret("s3-ca", "ca.crt", Files.readString(secure.authority()));
        return attempt;
    }

    private TaskResult pod(Attempt attempt) throws IOException, InterruptedException {
        Path pod = Files.createTempDirectory(folder, "pod");
        Process process = attempt.pod(TaskKind.BACKUP, pod.resolve("termination-log"), pod.resolve("log"));
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return TaskJson.readResult(Files.readString(pod.resolve("termination-log")))
                .orElseThrow();
    }
}
