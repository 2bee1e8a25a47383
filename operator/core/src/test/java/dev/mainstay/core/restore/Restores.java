package dev.mainstay.core.restore;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.claims.ExecutedRequests;
import dev.mainstay.core.rollback.AutoscalerState;
import dev.mainstay.core.workload.KeptStopped;
import dev.mainstay.core.workload.WorkloadSeen;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A shop with a database main, and what is known when a restore of it is decided on. */
final class Restores {

    static final Instant NOW = Instant.parse("2026-03-29T15:22:00Z");

    private final RestoreRequest request;
    private ManagedApplication application = application("host: shop-db.shop.svc");
    private final List<RestoreRequest> others = new ArrayList<>();
    private final List<BackupPolicy> policies = new ArrayList<>();
    private final List<DatabaseBackup> backups = new ArrayList<>();
    private DatabaseBackup safetyBackup;
    private Map<String, JobObservation> jobs = Map.of();
    private MaintenanceMode mode;
    private List<WorkloadSeen> workloads = List.of();
    private List<AutoscalerState> autoscalers = List.of();
    private List<KeptStopped> elsewhere = List.of();
    private HealthSeen health;
    private Instant watchedSince;
    private boolean namespaceEnds;

    Restores(RestoreRequest request) {
        this.request = request;
    }

    /** A request of the shop with a source, and whatever else its spec says. */
    static RestoreRequest request(String name, String source, String more) {
        return request("shop", name, source, more);
    }

    static RestoreRequest request(String application, String name, String source, String more) {
        return Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: RestoreRequest
                metadata:
                  {name: %s, namespace: shop, uid: uid-%s, generation: 1, finalizers: [], annotations: {},
                   creationTimestamp: "2026-03-29T15:21:00Z"}
                spec:
                  applicationRef: {name: %s}
                  source: %s
                  reason: orders are gone
                  %s
                """.formatted(name, name, application, source, more), RestoreRequest.class);
    }

    /** A request with that reason. */
    static RestoreRequest saying(String reason) {
        return Serialization.unmarshal(
                Serialization.asJson(request("a", "{policyRef: {name: nightly}}", ""))
                        .replace("orders are gone", reason),
                RestoreRequest.class);
    }

    /** The same with a status, and with what is written on it before it begins. */
    static RestoreRequest with(RestoreRequest request, String status) {
        request.getMetadata()
                .getAnnotations()
                .put(Annotations.EXECUTED_BY, request.getMetadata().getUid());
        request.getMetadata().setFinalizers(List.of(Annotations.RESTORE_FINALIZER));
        request.setStatus(Serialization.unmarshal("status: " + status, RestoreRequest.class)
                .getStatus());
        return request;
    }

    static ManagedApplication application(String server) {
        return Serialization.unmarshal("""
                metadata: {name: shop, namespace: shop, uid: uid-shop}
                spec:
                  workloads: [{name: web}, {kind: StatefulSet, name: shop-db}]
                  databases:
                    - name: main
                      postgres:
                        {%s, database: ecommerce, credentialsSecretRef: {name: r}, adminSecretRef: {name: a}}
                """.formatted(server), ManagedApplication.class);
    }

    Restores application(ManagedApplication other) {
        application = other;
        return this;
    }

    Restores withoutApplication() {
        application = null;
        return this;
    }

    Restores other(RestoreRequest other) {
        others.add(other);
        return this;
    }

    Restores policy(String name, String more) {
        return policy(name, more, "");
    }

    Restores policy(String name, String more, String prefix) {
        policies.add(Serialization.unmarshal("""
                metadata: {name: %s, namespace: shop}
                spec: {storage: {s3: {bucket: b, prefix: "%s"}}, %s}
                """.formatted(name, prefix, more), BackupPolicy.class));
        return this;
    }

    /** A backup of the policy nightly. */
    Restores backup(String name, String status) {
        backups.add(Serialization.unmarshal("""
                metadata: {name: %s, namespace: shop}
                spec: {policyRef: {name: nightly}}
                status: %s
                """.formatted(name, status), DatabaseBackup.class));
        return this;
    }

    /** One that has succeeded, with the data of that moment. */
    Restores good(String name, String moment) {
        return backup(name, "{phase: Succeeded, location: \"s3://b/" + name + "/\", snapshotAt: \"" + moment + "\"}");
    }

    /** The backup that the restore makes itself, with a status. */
    Restores safetyBackup(String status) {
        safetyBackup = Serialization.unmarshal("""
                metadata: {name: safety, namespace: shop}
                spec: {policyRef: {name: nightly}}
                status: %s
                """.formatted(status), DatabaseBackup.class);
        return this;
    }

    Restores jobs(Map<String, JobObservation> observed) {
        jobs = observed;
        return this;
    }

    /** Its maintenance mode. */
    Restores mode(String status) {
        mode = RestoreMaintenance.mode(request);
        mode.setStatus(modeStatus(status));
        return this;
    }

    static MaintenanceModeStatus modeStatus(String status) {
        return Serialization.unmarshal(status, MaintenanceModeStatus.class);
    }

    Restores mode(MaintenanceMode found) {
        mode = found;
        return this;
    }

    Restores workloads(WorkloadSeen... seen) {
        workloads = List.of(seen);
        return this;
    }

    Restores autoscalers(AutoscalerState... seen) {
        autoscalers = List.of(seen);
        return this;
    }

    Restores elsewhere(KeptStopped... modes) {
        elsewhere = List.of(modes);
        return this;
    }

    Restores health(HealthSeen seen) {
        health = seen;
        return this;
    }

    Restores namespaceEnds() {
        namespaceEnds = true;
        return this;
    }

    Restores watchedSince(Instant since) {
        watchedSince = since;
        return this;
    }

    RestoreObservation observation() {
        return new RestoreObservation(
                request,
                application,
                null,
                ExecutedRequests.NONE,
                others,
                policies,
                backups,
                safetyBackup,
                ServiceAccountObservation.ALLOWED,
                "cluster",
                jobs,
                null,
                mode,
                workloads,
                autoscalers,
                elsewhere,
                health,
                watchedSince,
                namespaceEnds,
                null);
    }
}
