package dev.mainstay.e2e.bench;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** Policies, and the finished backups that they leave behind in a year or so. */
final class ManyObjects {

    private static final int POLICIES = 1_000;
    private static final int BACKUPS = 10_000;

    private static final String APPLICATION = """
            apiVersion: mainstay.dev/v1alpha1
            kind: ManagedApplication
            metadata: {name: many}
            spec:
              databases:
              - name: main
                postgres: {host: no-such-host, database: shop, credentialsSecretRef: {name: none}}
            """;

    private static final String POLICY = """
            apiVersion: mainstay.dev/v1alpha1
            kind: BackupPolicy
            metadata: {name: policy-%1$d}
            spec:
              applicationRef: {name: many}
              storage: {s3: {endpoint: "https://no-such-host:7443", bucket: backups, prefix: many}}
            """;

    /** As one that succeeded looks, in full length. */
    private static final String BACKUP = """
            apiVersion: mainstay.dev/v1alpha1
            kind: DatabaseBackup
            metadata: {name: backup-%1$d}
            spec: {policyRef: {name: policy-%2$d}}
            status:
              observedGeneration: 1
              phase: Succeeded
              startedAt: "2026-03-29T01:00:04Z"
              snapshotAt: "2026-03-29T01:00:09Z"
              completedAt: "2026-03-29T01:00:45Z"
              duration: 41s
              location: s3://backups/many/shop/policy-%2$d/20260329T010002Z-5988ff99-1/
              serverVersion: "17.12"
              sha256: dfcd9cf3a369510d27011f54f4123842d47453e164ab63abc872cf4e51e04b4d
              size: {database: 215 MiB, stored: 46.0 MiB, storedBytes: 48251216}
              progress: {percent: 100, bytes: 48251216}
              verified: {level: FullRead, at: "2026-03-29T01:00:44Z", rows: 1456286}
              attempts:
              - number: 1
                path: s3://backups/many/shop/policy-%2$d/20260329T010002Z-5988ff99-1/
                job: backup-%1$d-1-7769650f
                plannedAt: "2026-03-29T01:00:02Z"
                startedAt: "2026-03-29T01:00:04Z"
                endedAt: "2026-03-29T01:00:45Z"
                state: Succeeded
              conditions:
              - {type: Finished, status: "True", reason: Succeeded, message: The backup is proven by FullRead., lastTransitionTime: "2026-03-29T01:00:45Z"}
              - {type: Ready, status: "True", reason: Succeeded, message: The backup is proven by FullRead., lastTransitionTime: "2026-03-29T01:00:45Z"}
              - {type: Succeeded, status: "True", reason: Succeeded, message: The backup is proven by FullRead., lastTransitionTime: "2026-03-29T01:00:45Z"}
            """;

    private final TestNamespace namespace;

    ManyObjects(TestNamespace namespace) {
        this.namespace = namespace;
    }

    Map<String, Integer> describe() {
        return Map.of("BackupPolicy", POLICIES, "DatabaseBackup", BACKUPS);
    }

    /** Creates them; the operator must be away, since it would begin backups. */
    void create() throws InterruptedException, ExecutionException {
        namespace.create(Serialization.unmarshal(APPLICATION, ManagedApplication.class));
        AtOnce.each(POLICIES, number -> create(POLICY.formatted(number), BackupPolicy.class));
        AtOnce.each(BACKUPS, number -> {
            DatabaseBackup backup = create(BACKUP.formatted(number, number % POLICIES), DatabaseBackup.class);
            namespace.client().resource(backup).patchStatus();
        });
    }

    /** The object as the API server has it, with the status that was asked for. */
    private <T extends HasMetadata> T create(String yaml, Class<T> kind) {
        T wanted = Serialization.unmarshal(yaml, kind);
        T created = namespace.create(wanted);
        wanted.setMetadata(created.getMetadata());
        return wanted;
    }
}
