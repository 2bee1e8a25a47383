package dev.mainstay.e2e.operator;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.status.Condition;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;

/** The objects of the tests: an application, its policy with short waits, and backups. */
public final class Shop {

    public static final String NAME = "shop";

    private final TestNamespace namespace;

    public Shop(TestNamespace namespace) {
        this.namespace = namespace;
    }

    /** The application with one database; more of its spec as YAML in one line, such as {@code workloads: []}. */
    public ManagedApplication application(String more) {
        return namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: shop}
                spec:
                  databases:
                  - name: main
                    postgres: {host: shop-db, database: shop, credentialsSecretRef: {name: shop-db}}
                  %s
                """.formatted(more), ManagedApplication.class));
    }

    /** Its policy. Waits are long enough for a busy machine, and short enough to be waited for. */
    public BackupPolicy policy(String pendingTimeout) {
        return namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: BackupPolicy
                metadata: {name: shop}
                spec:
                  applicationRef: {name: shop}
                  storage: {s3: {bucket: backups, endpoint: "http://s3.invalid"}}
                  retry: {limit: 1, delay: 1s}
                  pendingTimeout: %s
                """.formatted(pendingTimeout), BackupPolicy.class));
    }

    /** Application and policy, ready for backups. */
    public Shop open() {
        application("");
        policy("1m");
        return this;
    }

    public DatabaseBackup backup(String name) {
        return namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: DatabaseBackup
                metadata: {name: %s}
                spec: {policyRef: {name: shop}}
                """.formatted(name), DatabaseBackup.class));
    }

    /** The newest status of a backup; empty before the operator has seen it. */
    public Optional<DatabaseBackupStatus> status(String backup) {
        return Optional.ofNullable(namespace.find(DatabaseBackup.class, backup))
                .map(DatabaseBackup::getStatus)
                .filter(status -> status.phase() != null);
    }

    public boolean finished(String backup) {
        return status(backup).filter(status -> status.phase().terminal()).isPresent();
    }

    /** All Jobs of the operator's in this namespace. */
    public List<Job> jobs() {
        return namespace.all(Job.class).withLabel(Annotations.TASK).list().getItems();
    }

    /** The condition of a type, such as {@code TRUE/Ready}; empty when there is none. */
    public static String condition(List<Condition> conditions, String type) {
        return conditions.stream()
                .filter(condition -> condition.type().equals(type))
                .map(condition -> condition.status() + "/" + condition.reason())
                .findFirst()
                .orElse("");
    }
}
