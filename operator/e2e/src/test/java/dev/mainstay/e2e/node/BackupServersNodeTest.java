package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.e2e.harness.Programs;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that are not like the shop's: one that lets in who has a certificate, one of another major, one whose database
 * somebody else has. All backups run side by side, and each test looks at one of them.
 */
@Tag("node")
class BackupServersNodeTest {

    private static final String SQL = """
            CREATE ROLE backup LOGIN PASSWORD 'of-the-role' IN ROLE pg_read_all_data;
            CREATE TABLE kept AS SELECT generate_series(1, 11) AS id;
            CREATE TABLE log_1 AS SELECT generate_series(1, 500) AS id;
            CREATE DATABASE taken;
            """;

    /** An authority, what it issued to the server and to the role "backup", and who may come in. */
    private static final String CERTIFICATES = """
            issue() {
              openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout $1.key -out $1.crt "${@:2}"
            }
            issue ca -subj /CN=authority
            issue server -subj /CN=server -addext subjectAltName=DNS:%s -CA ca.crt -CAkey ca.key
            issue client -subj /CN=backup -CA ca.crt -CAkey ca.key
            printf 'local all all trust\\nhostssl all all all cert\\n' >pg_hba.conf
            """;

    /** By the number that all releases of Mainstay derive from a database's name, as one that swaps it would. */
    private static final String TAKE = """
            lock="SELECT pg_advisory_lock(('x' || encode(substr(sha256('mainstay/database/taken'), 1, 8), 'hex'))::bit(64)::bigint)"
            setsid psql --no-psqlrc --command "$lock" --command "SELECT pg_sleep(3600)" >/dev/null 2>&1 </dev/null &
            until psql --no-psqlrc -tAc "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted" | grep -qx 1; do
              sleep 0.1
            done
            """;

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @TempDir
    static Path folder;

    private static NodeShop certified;
    private static NodeShop other;
    private static NodeShop taken;

    @BeforeAll
    static void begin() throws IOException {
        String host = "certifying." + NAMESPACE.name() + ".svc";
        Programs.run(new ProcessBuilder("bash", "-euc", CERTIFICATES.formatted(host)).directory(folder.toFile()), "");
        NodePostgres certifying = new NodePostgres(
                NAMESPACE,
                "certifying",
                "17",
                SQL,
                Map.of(
                        "ca.crt", file("ca.crt"),
                        "server.crt", file("server.crt"),
                        "server.key", file("server.key"),
                        "pg_hba.conf", file("pg_hba.conf")),
                List.of(
                        "-chba_file=/etc/server/pg_hba.conf",
                        "-cssl=on",
                        "-cssl_ca_file=/etc/server/ca.crt",
                        "-cssl_cert_file=/etc/server/server.crt",
                        "-cssl_key_file=/etc/server/server.key"));
        NodePostgres fifteen = new NodePostgres(NAMESPACE, "fifteen", "15", SQL, Map.of(), List.of());
        NAMESPACE.create(new SecretBuilder()
                .withNewMetadata()
                .withName("client-certificate")
                .endMetadata()
                .withStringData(Map.of("tls.crt", file("client.crt"), "tls.key", file("client.key")))
                .build());

        fifteen.awaitReady().run(TAKE);
        taken = shop("taken", fifteen, "");
        taken.database = "taken";
        taken.open().backup();
        other = shop("other", fifteen, "exclude: {tableData: [public.log_*]}");
        other.open().backup();
        certified = shop("certified", certifying.awaitReady(), "clientCertSecretRef: {name: client-certificate}");
        certified.connection = ", sslMode: verify-full, caSecretRef: {name: certifying, key: ca.crt}";
        certified.open().backup();
    }

    private static String file(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private static NodeShop shop(String name, NodePostgres server, String policy) {
        NodeShop shop = new NodeShop(NAMESPACE);
        shop.secret(name, "shop-db-backup", Map.of("username", "backup", "password", "of-the-role"));
        shop.name = name;
        shop.host = server.host();
        shop.database = "shop";
        shop.databaseSecret = name;
        shop.policy = "retry: {limit: 0}\n  " + policy;
        return shop;
    }

    @Test
    void whoHasTheClientCertificateIsLetIn() {
        assertThat(succeeded(certified).verified().rows()).isEqualTo(511);
    }

    @Test
    void aServerOfAnotherMajorIsDumpedByItsOwnClient() throws JsonProcessingException {
        DatabaseBackupStatus status = succeeded(other);

        assertThat(status.serverVersion()).startsWith("15.");
        assertThat(manifest(other).at("/archive/clientVersion").asText()).startsWith("15.");
        assertThat(manifest(certified).at("/archive/clientVersion").asText()).startsWith("17.");
    }

    @Test
    void rowsThatAreLeftOutAreNamedInTheManifest() throws JsonProcessingException {
        assertThat(succeeded(other).verified().rows()).isEqualTo(11);
        assertThat(manifest(other).at("/excludedTables"))
                .extracting(JsonNode::asText)
                .containsExactly("public.log_1");
    }

    @Test
    void whoHasTheDatabaseForItselfIsNamed() {
        DatabaseBackupStatus status = taken.finished();

        assertThat(status.phase()).isEqualTo(BackupPhase.FAILED);
        assertThat(status.failure().reason()).as(status.failure().message()).isEqualTo("AnotherRunner");
        assertThat(status.failure().message())
                .contains("database taken on fifteen." + NAMESPACE.name() + ".svc")
                .contains("pg_locks");
        assertThat(taken.stored()).containsExactly("owner.json");
    }

    private static DatabaseBackupStatus succeeded(NodeShop shop) {
        DatabaseBackupStatus status = shop.finished();
        assertThat(status.phase()).as("%s", status.failure()).isEqualTo(BackupPhase.SUCCEEDED);
        return status;
    }

    private static JsonNode manifest(NodeShop shop) throws JsonProcessingException {
        succeeded(shop);
        return new ObjectMapper().readTree(shop.content("/manifest.json"));
    }
}
