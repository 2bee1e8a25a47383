package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The main path, with a kubelet, PostgreSQL and an S3 server. */
@Tag("node")
@Execution(ExecutionMode.CONCURRENT)
class BackupNodeTest {

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private NodeShop shop;

    @BeforeEach
    void open() {
        shop = new NodeShop(namespace);
    }

    /** What a user sees, and what must never be seen: the values of the two Secrets. */
    @Test
    void backupIsReadBackRowByRowAndSecretsStayWhereTheyAre() {
        List<String> secrets =
                List.of(value("shop-db-backup", "password"), value("shop-s3-credentials", "secretAccessKey"));
        shop.open().backup();

        Awaitility.await("no program is given a secret as an argument")
                .atMost(NodeShop.PATIENCE)
                .until(() -> {
                    assertThat(commandLines())
                            .noneMatch(line -> secrets.stream().anyMatch(line::contains));
                    return shop.status()
                            .filter(status -> status.phase().terminal())
                            .isPresent();
                });

        DatabaseBackupStatus status = shop.finished();
        assertThat(status.phase()).as("%s", status.failure()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(status.verified().level()).isEqualTo(VerificationLevel.FULL_READ);
        assertThat(status.verified().rows()).isGreaterThan(100_000);
        assertThat(status.location()).startsWith("s3://shop-backups/e2e/" + namespace.name() + "/a/");
        assertThat(status.serverVersion()).startsWith("17");
        assertThat(status.sha256()).hasSize(64);
        assertThat(told())
                .hasSizeGreaterThan(4)
                .allSatisfy(text -> assertThat(text).doesNotContain(secrets));
    }

    private String value(String secret, String key) {
        String encoded = namespace.find(Secret.class, secret).getData().get(key);
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }

    private static Stream<String> commandLines() {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""));
    }

    /** Everything that the backup left in the API and in logs, the operator's too. */
    private List<String> told() {
        List<String> texts = new ArrayList<>();
        for (Class<? extends HasMetadata> kind : List.of(DatabaseBackup.class, Job.class, Pod.class, Event.class)) {
            namespace.list(kind).forEach(object -> texts.add(Serialization.asYaml(object)));
        }
        namespace.list(Pod.class).forEach(pod -> texts.add(shop.log(pod)));
        texts.add(new InstalledOperator(namespace.client()).log());
        return texts;
    }

    /** Names and a password that would break a shell, an address or a connection string, alike in two namespaces. */
    @Test
    void namesMayBeLongOddAndTheSameInTwoNamespaces() {
        String policy = "p".repeat(63);
        String role = "Back-up \"R\" 'q'";
        String password = "p@s:s/%'\"\\$ w{}#?&;";
        String name = "Shop-DB 1 'x\" \\ %@:";
        ShopDatabase database = new ShopDatabase(namespace.client());
        TestNamespace other = new TestNamespace();
        other.beforeAll(null);
        try {
            database.execute(
                    "postgres",
                    "CREATE ROLE " + quoted(role) + " LOGIN PASSWORD '" + password.replace("'", "''") + "'",
                    "GRANT pg_read_all_data TO " + quoted(role),
                    "CREATE DATABASE " + quoted(name));
            database.execute(name, "CREATE TABLE \"T t\" AS SELECT generate_series(1, 7) AS id");
            List<NodeShop> shops = List.of(shop, new NodeShop(other));
            for (NodeShop one : shops) {
                one.secret("odd", "shop-db-backup", Map.of("username", role, "password", password));
                one.name = policy;
                one.database = name;
                one.databaseSecret = "odd";
                one.open().backup();
            }
            for (NodeShop one : shops) {
                DatabaseBackupStatus status = one.finished();
                assertThat(status.phase()).as("%s", status.failure()).isEqualTo(BackupPhase.SUCCEEDED);
                assertThat(status.verified().rows()).isEqualTo(7);
                assertThat(one.stored())
                        .filteredOn(file -> file.endsWith("/manifest.json"))
                        .hasSize(1);
            }
        } finally {
            other.afterAll(null);
            database.execute(
                    "postgres",
                    "DROP DATABASE IF EXISTS " + quoted(name) + " WITH (FORCE)",
                    "DROP ROLE IF EXISTS " + quoted(role));
        }
    }

    private static String quoted(String identifier) {
        return "\"" + identifier.replace("\"", "\"\"") + "\"";
    }
}
