package dev.mainstay.e2e.operator;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.status.Condition;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The objects of a test: an application, its policy with short waits, and a backup, all of one name. */
public final class Shop {

    private final TestNamespace namespace;
    private final String name;

    /** Its application and policy are called by the name; several shops share a namespace and don't touch each other. */
    public Shop(TestNamespace namespace, String name) {
        this.namespace = namespace;
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** The application with one database; more of its spec as YAML in one line, such as {@code workloads: []}. */
    public ManagedApplication application(String more) {
        return namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: %s}
                spec:
                  databases:
                  - name: main
                    postgres: {host: shop-db, database: shop, credentialsSecretRef: {name: shop-db}}
                  %s
                """.formatted(name, more), ManagedApplication.class));
    }

    /** Its policy. Waits are long enough for a busy machine, and short enough to be waited for. */
    public BackupPolicy policy(String pendingTimeout) {
        return namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: BackupPolicy
                metadata: {name: %s}
                spec:
                  applicationRef: {name: %s}
                  storage: {s3: {bucket: backups, endpoint: "http://s3.invalid"}}
                  retry: {limit: 1, delay: 1s}
                  pendingTimeout: %s
                """.formatted(name, name, pendingTimeout), BackupPolicy.class));
    }

    /** Changes the policy's spec, by a merge patch. */
    public void policySpec(String patch) {
        namespace
                .all(BackupPolicy.class)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":%s}".formatted(patch));
    }

    /** Application and policy, ready for backups. */
    public Shop open() {
        application("");
        policy("1m");
        return this;
    }

    public DatabaseBackup backup() {
        return backup(name);
    }

    public DatabaseBackup backup(String named) {
        return namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: DatabaseBackup
                metadata: {name: %s}
                spec: {policyRef: {name: %s}}
                """.formatted(named, name), DatabaseBackup.class));
    }

    /** A backup as the policy makes it for a slot. */
    public DatabaseBackup slotBackup(String named, String slot) {
        return namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: DatabaseBackup
                metadata: {name: %s, annotations: {mainstay.dev/slot: "%s"}}
                spec: {policyRef: {name: %s}}
                """.formatted(named, slot, name), DatabaseBackup.class));
    }

    /** A backup that succeeded long ago; a slot's when one is given, else one that a person made. */
    public DatabaseBackup stored(String named, String slot) {
        // Paused until it is finished: an operator that sees it before would begin it.
        DatabaseBackup backup =
                Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: DatabaseBackup
                metadata: {name: %s, annotations: {%s: the test is not ready}}
                spec: {policyRef: {name: %s}}
                """.formatted(named, Annotations.PAUSED, name), DatabaseBackup.class);
        if (slot != null) {
            backup.getMetadata().getAnnotations().put(Annotations.SLOT, slot);
        }
        namespace.create(backup);
        DatabaseBackupStatus status = Serialization.unmarshal(
                """
                observedGeneration: 1
                phase: Succeeded
                completedAt: "2026-01-01T01:05:00Z"
                location: s3://backups/%s/%s/20260101T010000Z-0badcafe-%d/
                verified: {level: FullRead, at: "2026-01-01T01:05:00Z"}
                conditions:
                - {type: Ready, status: "True", reason: Succeeded, message: It is there., lastTransitionTime: "2026-01-01T01:05:00Z"}
                - {type: Finished, status: "True", reason: Succeeded, message: It is there., lastTransitionTime: "2026-01-01T01:05:00Z"}
                - {type: Succeeded, status: "True", reason: Succeeded, message: It is there., lastTransitionTime: "2026-01-01T01:05:00Z"}
                """.formatted(namespace.name(), name, slot == null ? 8 : 9), DatabaseBackupStatus.class);
        // Whatever the operator writes meanwhile: a pass that saw less than this loses by its version.
        namespace
                .all(DatabaseBackup.class)
                .withName(named)
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\":%s}".formatted(Serialization.asJson(status)));
        return namespace
                .all(DatabaseBackup.class)
                .withName(named)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"%s\":null}}}".formatted(Annotations.PAUSED));
    }

    /** Changes the policy's annotation run-now. */
    public void runNow(String value) {
        annotatePolicy(Annotations.RUN_NOW, value);
    }

    /** Sets an annotation of the policy. */
    public void annotatePolicy(String annotation, String value) {
        // Whatever the operator writes meanwhile, as kubectl annotate does.
        namespace
                .all(BackupPolicy.class)
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(annotation, value));
    }

    /** Sets an annotation of the backup that was made by hand. */
    public void annotateBackup(String annotation, String value) {
        namespace
                .all(DatabaseBackup.class)
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(annotation, value));
    }

    /** Changes the application's job template, by a merge patch. */
    public void jobTemplate(String patch) {
        namespace
                .all(ManagedApplication.class)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"jobTemplate\":%s}}".formatted(patch));
    }

    public ManagedApplication findApplication() {
        return namespace.find(ManagedApplication.class, name);
    }

    public BackupPolicy findPolicy() {
        return namespace.find(BackupPolicy.class, name);
    }

    /**
     * Has the policy's restore tests have been scheduled for longer than a year: so the one of this year's beginning is due
     * at once.
     */
    public void restoreTestIsDue() {
        policySpec("""
                {"startingDeadline": "400d",
                 "verification": {"restoreTest": {"schedule": "@yearly", "target": {"server":
                   {"host": "spare", "adminSecretRef": {"name": "spare-admin"}}}}}}""");
        namespace
                .all(BackupPolicy.class)
                .withName(name)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), """
                        {"status": {"restoreTest": {"scheduled": {"schedule": "@yearly", "timeZone": "UTC", "dayMatch": "Any",
                           "since": "2025-12-31T00:00:00Z"}}}}""");
    }

    /** All backups of the policy. */
    public List<DatabaseBackup> backups() {
        return namespace.list(DatabaseBackup.class).stream()
                .filter(backup -> backup.getSpec().policyRef().name().equals(name))
                .toList();
    }

    /** Those of slots, from the oldest slot to the newest. */
    public List<DatabaseBackup> slots() {
        return backups().stream()
                .filter(backup ->
                        backup.getStatus() != null && backup.getStatus().slot() != null)
                .sorted(Comparator.comparing(backup -> backup.getStatus().slot()))
                .toList();
    }

    public List<BackupPhase> slotPhases() {
        return slots().stream().map(backup -> backup.getStatus().phase()).toList();
    }

    /** The newest status of the backup that was made by hand; empty before the operator has seen it. */
    public Optional<DatabaseBackupStatus> status() {
        return Optional.ofNullable(namespace.find(DatabaseBackup.class, name))
                .map(DatabaseBackup::getStatus)
                .filter(status -> status.phase() != null);
    }

    public boolean finished() {
        return status().filter(status -> status.phase().terminal()).isPresent();
    }

    /** Task and attempt of each Job made for the policy's backups, such as {@code settle 1}. */
    public List<String> tasks() {
        List<String> uids =
                backups().stream().map(backup -> backup.getMetadata().getUid()).toList();
        return namespace.all(Job.class).withLabel(Annotations.TASK).list().getItems().stream()
                .map(job -> job.getMetadata().getLabels())
                .filter(labels -> uids.contains(labels.get(Annotations.OWNER_UID)))
                .map(labels -> labels.get(Annotations.TASK) + " " + labels.get(Annotations.ATTEMPT))
                .sorted()
                .toList();
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
