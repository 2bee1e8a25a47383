package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * An application, its policy and a backup in a namespace of the test's own, all of one name, that use the example shop's
 * real servers. What a test does not set is as it should be.
 */
public final class NodeShop {

    static final String SHOP = "shop";

    /** Long enough for a machine with two busy cores. */
    static final Duration PATIENCE = Duration.ofMinutes(4);

    static {
        // What is waited for takes seconds, and asking ten times a second takes them from it.
        Awaitility.setDefaultPollInterval(Duration.ofMillis(500));
    }

    private final TestNamespace namespace;

    public String name = "a";
    String host = "shop-db.shop.svc";
    public String database = "ecommerce";
    String databaseSecret = "shop-db-backup";

    /** More of what is said of the database, as YAML in one line that begins with a comma. */
    String connection = "";

    String endpoint = "https://shop-s3.shop.svc:7443";
    String bucket = "shop-backups";
    String storeSecret = "shop-s3-credentials";

    /** YAML in one line. */
    String jobTemplate = "{}";

    /** More of the policy's spec, as YAML that is indented by two. */
    public String policy = "";

    /** Copies the shop's Secrets to the namespace, unless another one there has done so. */
    public NodeShop(TestNamespace namespace) {
        this.namespace = namespace;
        for (String secret : List.of("shop-db-backup", "shop-s3-credentials", "shop-s3-ca")) {
            if (namespace.find(Secret.class, secret) == null) {
                secret(secret, secret, Map.of());
            }
        }
    }

    /** The Secrets alone. */
    public static void copySecrets(TestNamespace namespace) {
        new NodeShop(namespace);
    }

    /** A copy of one of the shop's Secrets under another name, with some values changed. */
    void secret(String name, String copied, Map<String, String> changed) {
        namespace.create(new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withData(shopSecret(copied).getData())
                .withStringData(changed)
                .build());
    }

    /** A copy without one of its keys. */
    void secretWithout(String key, String name, String copied) {
        Map<String, String> data = shopSecret(copied).getData();
        data.remove(key);
        namespace.create(new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withData(data)
                .build());
    }

    private Secret shopSecret(String name) {
        return namespace.client().secrets().inNamespace(SHOP).withName(name).get();
    }

    /** Creates the application and its policy. */
    public NodeShop open() {
        namespace.create(Serialization.unmarshal(
                """
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: %s}
                spec:
                  databases:
                  - name: main
                    postgres: {host: %s, database: %s, credentialsSecretRef: {name: %s}%s}
                  jobTemplate: %s
                """.formatted(name, host, quoted(database), databaseSecret, connection, jobTemplate),
                ManagedApplication.class));
        namespace.create(Serialization.unmarshal(
                """
                apiVersion: mainstay.dev/v1alpha1
                kind: BackupPolicy
                metadata: {name: %s}
                spec:
                  applicationRef: {name: %s}
                  storage:
                    s3:
                      endpoint: %s
                      pathStyle: true
                      bucket: %s
                      prefix: e2e
                      credentialsSecretRef: {name: %s}
                      caSecretRef: {name: shop-s3-ca, key: ca.crt}
                  timeout: 10m
                  %s
                """.formatted(name, name, endpoint, bucket, storeSecret, policy), BackupPolicy.class));
        return this;
    }

    /** As a scalar of YAML. */
    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** Begins a backup. */
    DatabaseBackup backup() {
        return namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: DatabaseBackup
                metadata: {name: %s}
                spec: {policyRef: {name: %s}}
                """.formatted(name, name), DatabaseBackup.class));
    }

    Optional<DatabaseBackupStatus> status() {
        return Optional.ofNullable(namespace.find(DatabaseBackup.class, name))
                .map(DatabaseBackup::getStatus)
                .filter(status -> status.phase() != null);
    }

    /** The status of the backup once it is finished. */
    DatabaseBackupStatus finished() {
        return Awaitility.await(name + " is finished")
                .atMost(PATIENCE)
                .until(
                        this::status,
                        status ->
                                status.filter(found -> found.phase().terminal()).isPresent())
                .orElseThrow();
    }

    /** The Pod of a backup that runs now. */
    Optional<Pod> running() {
        return namespace.list(Pod.class).stream()
                .filter(NodeShop::isOfABackup)
                .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
                .findFirst();
    }

    /** A policy's preflight may run, or have run, beside it. */
    static boolean isOfABackup(HasMetadata object) {
        return object.getMetadata().getLabels().containsKey(Annotations.ATTEMPT);
    }

    /** The backup's only attempt has failed at the dump; its runner has said so itself, and has taken back what it had uploaded. */
    void expectDumpFailed(String told) {
        DatabaseBackupStatus status = finished();
        assertThat(status.phase()).isEqualTo(BackupPhase.FAILED);
        assertThat(status.failure().reason()).as(status.failure().message()).isEqualTo("DumpFailed");
        assertThat(status.failure().message()).contains(told);
        assertThat(status.attempts()).hasSize(1);
        assertThat(status.attempts().getFirst().followUps()).isNull();
        expectNothingLeft();
    }

    /**
     * An attempt that has not succeeded has left nothing, unless it ended without a word: then a manifest stands in its path,
     * so that it can store none any more.
     */
    void expectOnlySettled(DatabaseBackupStatus status) {
        assertThat(stored())
                .filteredOn(file -> file.endsWith("/manifest.json"))
                .hasSize(Math.toIntExact(status.attempts().stream()
                        .filter(attempt -> attempt.state() == AttemptState.SUCCEEDED || attempt.followUps() != null)
                        .count()));
        assertThat(openUploads()).isEmpty();
    }

    void expectNothingLeft() {
        assertThat(stored()).containsExactly("owner.json");
        assertThat(openUploads()).isEmpty();
    }

    String log(Pod pod) {
        return namespace
                .client()
                .pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .getLog();
    }

    /** The objects below the policy's path, each by the rest of its key. */
    List<String> stored() {
        return files(Path.of("e2e", namespace.name(), name));
    }

    /** The content of the one object below the policy's path whose key ends so. */
    String content(String ending) {
        List<String> keys =
                stored().stream().filter(key -> key.endsWith(ending)).toList();
        if (keys.size() != 1) {
            throw new IllegalStateException("not one object: " + keys);
        }
        try {
            return Files.readString(
                    folder(Path.of("e2e", namespace.name(), name)).resolve(keys.getFirst()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All objects of the bucket. */
    List<String> everythingStored() {
        return files(Path.of(""));
    }

    /** The objects below the policy's path whose upload is neither completed nor aborted. */
    List<String> openUploads() {
        try (Stream<Path> uploads = Files.list(folder(Path.of(".sgwtmp/multipart")))) {
            return uploads.map(NodeShop::uploaded)
                    .filter(object -> object.startsWith("e2e/" + namespace.name() + "/" + name + "/"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The key, by the S3 server's note; nothing when the upload has ended meanwhile, as those of other tests do. */
    private static String uploaded(Path upload) {
        try {
            return new String((byte[]) Files.getAttribute(upload, "user:objname"), StandardCharsets.UTF_8);
        } catch (NoSuchFileException ended) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> files(Path inTheBucket) {
        Path folder = folder(inTheBucket);
        return StoredObjects.below(folder).stream()
                .map(file -> folder.relativize(file).toString())
                .toList();
    }

    private Path folder(Path inTheBucket) {
        return StoredObjects.bucket(bucket).resolve(inTheBucket);
    }
}
