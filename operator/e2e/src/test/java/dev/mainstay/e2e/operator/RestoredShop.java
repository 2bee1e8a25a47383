package dev.mainstay.e2e.operator;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestorePhase;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.runner.FakeDatabases;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** An application with Pods, a CronJob, a Service and a database that has one good backup; and restores of it. */
public final class RestoredShop {

    /** Who scales the Deployment beside the operator. */
    public static final String SOMEBODY = "somebody";

    /** What the database holds before. */
    public static final String OF_NOW = "of now";

    private static final Duration SOON = Duration.ofMinutes(3);

    private final TestNamespace namespace;
    private final FakeDatabases databases;
    private final String name;

    public RestoredShop(TestNamespace namespace, FakeDatabases databases, String name) {
        this.namespace = namespace;
        this.databases = databases;
        this.name = name;
    }

    /** Creates all of it. */
    public RestoredShop open() {
        databases.put(name, OF_NOW);
        // Before there is a policy: with one the operator would begin the backup itself.
        stored();
        namespace.create(Serialization.unmarshal("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec:
                      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
                      containers:
                      - name: main
                        image: registry.invalid/shop:1
                        ports: [{name: http, containerPort: 8080}]
                        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                """.formatted(name), Deployment.class));
        namespace.create(Serialization.unmarshal("""
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s}
                spec: {selector: {app: %1$s}, ports: [{name: http, port: 80, targetPort: http}]}
                """.formatted(name), Service.class));
        namespace.create(Serialization.unmarshal("""
                apiVersion: batch/v1
                kind: CronJob
                metadata: {name: %s}
                spec:
                  schedule: "0 4 1 1 *"
                  jobTemplate:
                    spec:
                      template:
                        spec: {restartPolicy: Never, containers: [{name: report, image: registry.invalid/report:1}]}
                """.formatted(name), CronJob.class));
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: %1$s}
                spec:
                  workloads: [{name: %1$s}]
                  cronJobs: [%1$s]
                  services: [{name: %1$s}]
                  databases:
                  - name: main
                    postgres:
                      {host: shop-db, database: %1$s, credentialsSecretRef: {name: reader}, adminSecretRef: {name: keeper}}
                """.formatted(name), ManagedApplication.class));
        policy();
        Awaitility.await().atMost(SOON).until(() -> {
            Integer ready = deployment().getStatus().getReadyReplicas();
            return ready != null && ready == 2;
        });
        return this;
    }

    /** Makes its policy. */
    public void policy() {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: BackupPolicy
                metadata: {name: %1$s}
                spec:
                  {applicationRef: {name: %1$s}, retry: {limit: 0}, storage: {s3: {bucket: backups, endpoint: "http://s3.invalid"}}}
                """.formatted(name), BackupPolicy.class));
    }

    private void stored() {
        DatabaseBackup backup = namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: DatabaseBackup
                metadata: {name: %1$s}
                spec: {policyRef: {name: %1$s}, keepUntil: "2036-01-01T00:00:00Z"}
                """.formatted(name), DatabaseBackup.class));
        DatabaseBackupStatus status =
                Serialization.unmarshal("""
                observedGeneration: 1
                phase: Succeeded
                completedAt: "2026-01-01T01:05:00Z"
                snapshotAt: "2026-01-01T01:00:00Z"
                location: s3://backups/%s/%s/20260101T010000Z-0badcafe-1/
                verified: {level: FullRead, at: "2026-01-01T01:05:00Z"}
                """.formatted(namespace.name(), name), DatabaseBackupStatus.class);
        // Not by a version of the object: the operator writes at the same moment that there is no policy.
        namespace
                .all(DatabaseBackup.class)
                .withName(backup.getMetadata().getName())
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\":%s}".formatted(Serialization.asJson(status)));
    }

    /** Asks for a restore of the one backup, with more of the spec as YAML in one line. */
    public void restore(String request, String more) {
        namespace.create(Serialization.unmarshal(
                """
                apiVersion: mainstay.dev/v1alpha1
                kind: RestoreRequest
                metadata: {name: %s}
                spec:
                  {applicationRef: {name: %s}, reason: orders are gone, acceptUnknownFreeSpace: true, %s}
                """.formatted(
                                request,
                                name,
                                more.contains("source:") ? more : "source: {policyRef: {name: " + name + "}}" + more),
                RestoreRequest.class));
    }

    /** Begins a backup. */
    public void backUp(String backup) {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: DatabaseBackup
                metadata: {name: %s}
                spec: {policyRef: {name: %s}}
                """.formatted(backup, name), DatabaseBackup.class));
    }

    public DatabaseBackup backup(String backup) {
        return namespace.find(DatabaseBackup.class, backup);
    }

    public RestoreRequest request(String request) {
        return namespace.find(RestoreRequest.class, request);
    }

    /** What it says of itself. */
    public RestoreRequestStatus status(String request) {
        RestoreRequest found = request(request);
        return found == null || found.getStatus() == null ? RestoreRequestStatus.NONE : found.getStatus();
    }

    /** What it came to. */
    public RestoreRequestStatus finished(String request, Duration patience) {
        return Awaitility.await(request + " is finished")
                .atMost(patience)
                .until(() -> status(request), status -> status.phase() == RestorePhase.FINISHED);
    }

    /** Sets an annotation of a request. */
    public void annotate(String request, String annotation, String value) {
        namespace
                .all(RestoreRequest.class)
                .withName(request)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(annotation, value));
    }

    /** Has the server looked at now. */
    public void look(String value) {
        namespace
                .all(ManagedApplication.class)
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(Annotations.RUN_NOW, value));
    }

    public void delete(String request) {
        namespace.all(RestoreRequest.class).withName(request).delete();
    }

    public Deployment deployment() {
        return namespace.find(Deployment.class, name);
    }

    public CronJob cronJob() {
        return namespace.find(CronJob.class, name);
    }

    /** Scales the Deployment as somebody does who knows nothing of a restore. */
    public void scale(int replicas) {
        namespace
                .all(Deployment.class)
                .withName(name)
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager(SOMEBODY)
                                .build(),
                        "{\"spec\":{\"replicas\":%d}}".formatted(replicas));
    }

    /** What of the application is not as it was before, in words; empty when everything is. */
    public List<String> missing() {
        Service service = namespace.find(Service.class, name);
        return Stream.of(
                        deployment().getSpec().getReplicas() == 2 ? "" : "replicas",
                        Boolean.TRUE.equals(cronJob().getSpec().getSuspend()) ? "suspended" : "",
                        service.getSpec().getSelector().equals(Map.of("app", name)) ? "" : "selector",
                        namespace.list(MaintenanceMode.class).stream()
                                        .anyMatch(mode -> mode.getSpec()
                                                .applicationRef()
                                                .name()
                                                .equals(name))
                                ? "mode"
                                : "",
                        databases.closed(name) ? "closed" : "",
                        Stream.of(deployment(), cronJob(), service)
                                        .flatMap(object -> object.getMetadata().getManagedFields().stream())
                                        .map(ManagedFieldsEntry::getManager)
                                        .anyMatch(manager -> manager.startsWith("mainstay"))
                                ? "managedFields"
                                : "")
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
