package dev.mainstay.e2e.node;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/** Objects in a namespace of the test's own that use the example shop's real servers. */
final class NodeShop {

    static final String SHOP = "shop";

    /** Long enough for a machine with two busy cores. */
    static final Duration PATIENCE = Duration.ofMinutes(4);

    static {
        // What is waited for takes seconds, and asking ten times a second takes them from it.
        Awaitility.setDefaultPollInterval(Duration.ofMillis(500));
    }

    private final TestNamespace namespace;

    NodeShop(TestNamespace namespace) {
        this.namespace = namespace;
    }

    /** Copies the shop's Secrets to here. */
    NodeShop withSecrets() {
        for (String name : new String[] {"shop-db-backup", "shop-s3-credentials", "shop-s3-ca"}) {
            Secret secret = namespace
                    .client()
                    .secrets()
                    .inNamespace(SHOP)
                    .withName(name)
                    .get();
            namespace.create(new SecretBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .endMetadata()
                    .withData(secret.getData())
                    .build());
        }
        return this;
    }

    /** A copy of one of the shop's Secrets under another name, with one value changed; left out when it is null. */
    void secret(String name, String copied, String key, String value) {
        Secret secret =
                namespace.client().secrets().inNamespace(SHOP).withName(copied).get();
        SecretBuilder copy = new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withData(secret.getData())
                .removeFromData(key);
        if (value != null) {
            copy.withStringData(Map.of(key, value));
        }
        namespace.create(copy.build());
    }

    /** The application {@code name}; the rest of its spec as YAML in one line. */
    void application(String name, String host, String credentials, String jobTemplate) {
        namespace.create(
                Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: %s}
                spec:
                  databases:
                  - name: main
                    postgres: {host: %s, database: ecommerce, credentialsSecretRef: {name: %s}}
                  jobTemplate: %s
                """.formatted(name, host, credentials, jobTemplate), ManagedApplication.class));
    }

    /** Its policy, without second attempts unless told otherwise. */
    void policy(String name, String bucket, String credentials, String more) {
        namespace.create(
                Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: BackupPolicy
                metadata: {name: %s}
                spec:
                  applicationRef: {name: %s}
                  storage:
                    s3:
                      endpoint: https://shop-s3.shop.svc:7443
                      pathStyle: true
                      bucket: %s
                      prefix: e2e
                      credentialsSecretRef: {name: %s}
                      caSecretRef: {name: shop-s3-ca, key: ca.crt}
                  timeout: 10m
                  %s
                """.formatted(name, name, bucket, credentials, more), BackupPolicy.class));
    }

    /** Both as they should be. */
    void open(String name, String more) {
        application(name, "shop-db.shop.svc", "shop-db-backup", "{}");
        policy(name, "shop-backups", "shop-s3-credentials", more);
    }

    DatabaseBackup backup(String name) {
        return namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: DatabaseBackup
                metadata: {name: %s}
                spec: {policyRef: {name: %s}}
                """.formatted(name, name), DatabaseBackup.class));
    }

    Optional<DatabaseBackupStatus> status(String name) {
        return Optional.ofNullable(namespace.find(DatabaseBackup.class, name))
                .map(DatabaseBackup::getStatus)
                .filter(status -> status.phase() != null);
    }

    /** The status of the backup once it is finished. */
    DatabaseBackupStatus finished(String name) {
        return Awaitility.await(name + " is finished")
                .atMost(PATIENCE)
                .until(
                        () -> status(name),
                        status ->
                                status.filter(found -> found.phase().terminal()).isPresent())
                .orElseThrow();
    }
}
