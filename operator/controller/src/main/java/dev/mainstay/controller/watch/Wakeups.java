package dev.mainstay.controller.watch;

import dev.mainstay.api.ObjectReference;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.core.backup.DataDeletion;
import dev.mainstay.core.mode.ModeState;
import dev.mainstay.core.restore.RestoreClaims;
import dev.mainstay.core.restore.RestoreMaintenance;
import dev.mainstay.core.rollback.RollbackClaims;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The kinds as every controller sees them: one cache a kind, that of its own controller, and a way to wake the
 * objects that look at another one. A cache of each kind in each controller would hold everything twice.
 */
public final class Wakeups {

    /** How long to wait before asking again whether the caches are {@link #filled}. */
    public static final Duration FILLING = Duration.ofMillis(100);

    private static final String BY_POLICY = "by-policy";
    private static final String BY_APPLICATION = "by-application";
    private static final String BY_NAMESPACE = "by-namespace";

    private final SimpleInboundEventSource<ManagedApplication> applicationEvents = events();
    private final SimpleInboundEventSource<BackupPolicy> policyEvents = events();
    private final SimpleInboundEventSource<DatabaseBackup> backupEvents = events();
    private final SimpleInboundEventSource<RollbackRequest> rollbackEvents = events();
    private final SimpleInboundEventSource<MaintenanceMode> modeEvents = events();
    private final SimpleInboundEventSource<RestoreRequest> restoreEvents = events();

    private final RunWakeups runs = new RunWakeups(this::wakeApplication);
    private final AlertWakeups alerts = new AlertWakeups(this::wakeApplication);

    private final Map<String, Object> seen = new ConcurrentHashMap<>();
    private volatile boolean filled;
    private volatile IndexerResourceCache<ManagedApplication> applications;
    private volatile IndexerResourceCache<BackupPolicy> policies;
    private volatile IndexerResourceCache<DatabaseBackup> backups;
    private volatile IndexerResourceCache<RollbackRequest> rollbacks;
    private volatile IndexerResourceCache<MaintenanceMode> modes;
    private volatile IndexerResourceCache<RestoreRequest> restores;

    /** Takes over the cache of the applications' controller; its events are to be added to that controller. */
    public SimpleInboundEventSource<ManagedApplication> applications(IndexerResourceCache<ManagedApplication> cache) {
        this.applications = cache;
        return applicationEvents;
    }

    /** Takes over the cache of the policies' controller; its events are to be added to that controller. */
    public SimpleInboundEventSource<BackupPolicy> policies(IndexerResourceCache<BackupPolicy> cache) {
        cache.addIndexer(BY_APPLICATION, it -> keys(it, it.getSpec(), spec -> spec.applicationRef()));
        this.policies = cache;
        return policyEvents;
    }

    /** Takes over the cache of the backups' controller; its events are to be added to that controller. */
    public SimpleInboundEventSource<DatabaseBackup> backups(IndexerResourceCache<DatabaseBackup> cache) {
        cache.addIndexer(BY_POLICY, it -> keys(it, it.getSpec(), spec -> spec.policyRef()));
        this.backups = cache;
        return backupEvents;
    }

    /** Takes over the cache of the rollbacks' controller; its events are to be added to that controller. */
    public SimpleInboundEventSource<RollbackRequest> rollbacks(IndexerResourceCache<RollbackRequest> cache) {
        cache.addIndexer(BY_APPLICATION, it -> keys(it, it.getSpec(), spec -> spec.applicationRef()));
        this.rollbacks = cache;
        return rollbackEvents;
    }

    /** Takes over the cache of the modes' controller; its events are to be added to that controller. */
    public SimpleInboundEventSource<MaintenanceMode> modes(IndexerResourceCache<MaintenanceMode> cache) {
        cache.addIndexer(BY_NAMESPACE, mode -> List.of(mode.getMetadata().getNamespace()));
        this.modes = cache;
        return modeEvents;
    }

    /** Takes over the cache of the restores' controller; its events are to be added to that controller. */
    public SimpleInboundEventSource<RestoreRequest> restores(IndexerResourceCache<RestoreRequest> cache) {
        cache.addIndexer(BY_NAMESPACE, request -> List.of(request.getMetadata().getNamespace()));
        this.restores = cache;
        return restoreEvents;
    }

    /** To be said once all caches hold what the API server has. */
    public void cachesAreFilled() {
        filled = true;
    }

    /**
     * Whether what is not in a cache does not exist. Without leader election a controller begins as soon as its own cache
     * is filled, and would take an application for missing that another cache has not read yet.
     */
    public boolean filled() {
        return filled;
    }

    /** Runbooks and their runs. */
    public RunWakeups runs() {
        return runs;
    }

    /** Alert rules and notification channels. */
    public AlertWakeups alerts() {
        return alerts;
    }

    /** The application of that name; empty when there is none. */
    public Optional<ManagedApplication> application(String namespace, String name) {
        return applications.get(new ResourceID(name, namespace));
    }

    /** All applications; none before this process watches. */
    public List<ManagedApplication> applications() {
        return applications == null ? List.of() : applications.list().toList();
    }

    /** The policy of that name; empty when there is none. */
    public Optional<BackupPolicy> policy(String namespace, String name) {
        return policies.get(new ResourceID(name, namespace));
    }

    /** All policies; none before this process watches. */
    public List<BackupPolicy> policies() {
        return policies == null ? List.of() : policies.list().toList();
    }

    /** The backup of that name; empty when there is none. */
    public Optional<DatabaseBackup> backup(String namespace, String name) {
        return backups.get(new ResourceID(name, namespace));
    }

    /** The rollback of that name; empty when there is none. */
    public Optional<RollbackRequest> rollback(String namespace, String name) {
        return rollbacks.get(new ResourceID(name, namespace));
    }

    /** The rollbacks of an application. */
    public List<RollbackRequest> rollbacksOf(String namespace, String application) {
        return rollbacks.byIndex(BY_APPLICATION, namespace + "/" + application);
    }

    /** All rollbacks; none before this process watches. */
    public List<RollbackRequest> rollbacks() {
        return rollbacks == null ? List.of() : rollbacks.list().toList();
    }

    /** All maintenance modes; none before this process watches. */
    public List<MaintenanceMode> modes() {
        return modes == null ? List.of() : modes.list().toList();
    }

    /** The maintenance modes of an application. */
    public List<MaintenanceMode> modesOf(String namespace, String application) {
        return modesOf(namespace).stream()
                .filter(mode -> mode.getSpec() != null
                        && mode.getSpec().applicationRef().name().equals(application))
                .toList();
    }

    /** The restore of that name; empty when there is none. */
    public Optional<RestoreRequest> restore(String namespace, String name) {
        return restores.get(new ResourceID(name, namespace));
    }

    /** All restores; none before this process watches. */
    public List<RestoreRequest> restores() {
        return restores == null ? List.of() : restores.list().toList();
    }

    /** The restores of a namespace. */
    public List<RestoreRequest> restoresOf(String namespace) {
        return restores.byIndex(BY_NAMESPACE, namespace);
    }

    /** The policies of a namespace. */
    public List<BackupPolicy> policiesOf(String namespace) {
        return policies.list(policy -> namespace.equals(policy.getMetadata().getNamespace()))
                .toList();
    }

    /** The policies of an application. */
    public List<BackupPolicy> policiesOf(String namespace, String application) {
        return policies.byIndex(BY_APPLICATION, namespace + "/" + application);
    }

    /** The maintenance modes of a namespace. */
    public List<MaintenanceMode> modesOf(String namespace) {
        return modes.byIndex(BY_NAMESPACE, namespace);
    }

    /** The backups of a namespace. */
    public List<DatabaseBackup> backupsIn(String namespace) {
        return backups.list(backup -> namespace.equals(backup.getMetadata().getNamespace()))
                .toList();
    }

    /** The backups of a policy. */
    public List<DatabaseBackup> backupsOf(String namespace, String policy) {
        return backups.byIndex(BY_POLICY, namespace + "/" + policy);
    }

    /**
     * Wakes the policies that name an application, and their backups, when what they look at in it has changed; its rollbacks
     * and the schedules that follow its rollouts also when its workloads have.
     *
     * @param workloads what these look at in them
     */
    public void applicationSeen(ManagedApplication application, boolean deleted, Object workloads) {
        String namespace = application.getMetadata().getNamespace();
        String name = application.getMetadata().getName();
        String uid = application.getMetadata().getUid();
        List<Object> own = List.of(Told.generation(application), Told.annotations(application), Told.work(application));
        boolean same = unchanged(uid, deleted, own);
        boolean asDeployed = unchanged(uid + " workloads", deleted, workloads);
        if (!same || !asDeployed) {
            rollbacksOf(namespace, name).stream()
                    .filter(request -> !RollbackClaims.ended(request))
                    .forEach(request -> rollbackEvents.propagateEvent(ResourceID.fromResource(request)));
        }
        if (!asDeployed) {
            runs.schedules().rolloutSeen(namespace, name);
        }
        if (!unchanged(uid + " looks", deleted, Told.looks(application))) {
            wakeKept(namespace, request -> name.equals(RestoreClaims.application(request)));
        }
        if (same) {
            return;
        }
        wakeModes(namespace);
        alerts.applicationChanged(namespace, name);
        runs.applicationChanged(namespace, name);
        wakeRestores(namespace, request -> name.equals(RestoreClaims.application(request)));
        policies.byIndex(BY_APPLICATION, key(application, name)).forEach(policy -> {
            policyEvents.propagateEvent(ResourceID.fromResource(policy));
            wakeBackupsOf(policy);
        });
    }

    /** Wakes the backups of a policy that are not finished, or whose data goes with them, when what they look at in it has changed. */
    public void policySeen(BackupPolicy policy, boolean deleted) {
        alerts.policySeen(policy, deleted);
        if (!unchanged(
                policy.getMetadata().getUid(), deleted, List.of(Told.generation(policy), Told.annotations(policy)))) {
            wakeBackupsOf(policy);
            runs.policyChanged(policy.getMetadata().getNamespace());
        }
    }

    /** Wakes the policy of a backup, and the application that it claims, when what they look at in it has changed. */
    public void backupSeen(DatabaseBackup backup, boolean deleted) {
        if (backup.getSpec() != null && !unchanged(backup.getMetadata().getUid(), deleted, List.of(Told.by(backup)))) {
            runs.madeChanged(backup);
            policyEvents.propagateEvent(new ResourceID(
                    backup.getSpec().policyRef().name(), backup.getMetadata().getNamespace()));
            Optional.ofNullable(backup.getStatus())
                    .map(DatabaseBackupStatus::claim)
                    .map(HeldClaim::application)
                    .ifPresent(name -> wakeApplication(backup, name));
        }
    }

    /** Wakes the application that a rollback claims, and the run that made it, when what it looks at in it has changed. */
    public void rollbackSeen(RollbackRequest request, boolean deleted) {
        if (request.getSpec() != null
                && !unchanged(request.getMetadata().getUid(), deleted, List.of(Told.by(request)))) {
            runs.madeChanged(request);
            wakeApplication(request, request.getSpec().applicationRef().name());
        }
    }

    /** Wakes its application and the other modes of its namespace when what they look at in it has changed: modes share pages. */
    public void modeSeen(MaintenanceMode mode, boolean deleted) {
        if (!unchanged(mode.getMetadata().getUid(), deleted, Told.all(mode))) {
            wakeModes(mode.getMetadata().getNamespace());
            runs.modeChanged(mode);
            if (mode.getSpec() != null) {
                wakeApplication(mode, mode.getSpec().applicationRef().name());
                alerts.downtimeChanged(mode, mode.getSpec().applicationRef());
            }
            wakeRestores(
                    mode.getMetadata().getNamespace(),
                    request -> RestoreMaintenance.name(request)
                            .equals(mode.getMetadata().getName()));
        }
    }

    /** Wakes the application that a restore claims, and the restore that it undoes, when what they look at in it has changed. */
    public void restoreSeen(RestoreRequest request, boolean deleted) {
        if (request.getSpec() != null
                && !unchanged(request.getMetadata().getUid(), deleted, List.of(Told.by(request)))) {
            wakeApplication(request, request.getSpec().applicationRef().name());
            alerts.downtimeChanged(request, request.getSpec().applicationRef());
            if (request.getSpec().source().previousOf() != null) {
                String earlier = request.getSpec().source().previousOf().name();
                wakeKept(
                        request.getMetadata().getNamespace(),
                        other -> other.getMetadata().getName().equals(earlier));
            }
        }
    }

    /** Those that are over, and have kept a database. */
    private void wakeKept(String namespace, Predicate<RestoreRequest> which) {
        restoresOf(namespace).stream()
                .filter(request ->
                        RestoreClaims.ended(request) && request.getStatus().previous() != null)
                .filter(which)
                .forEach(request -> restoreEvents.propagateEvent(ResourceID.fromResource(request)));
    }

    private void wakeRestores(String namespace, Predicate<RestoreRequest> which) {
        restoresOf(namespace).stream()
                .filter(request -> request.getSpec() != null && !RestoreClaims.ended(request))
                .filter(which)
                .forEach(request -> restoreEvents.propagateEvent(ResourceID.fromResource(request)));
    }

    /** Wakes a restore of whose Job something was learnt. */
    public void wakeRestore(ResourceID request) {
        restoreEvents.propagateEvent(request);
    }

    private void wakeModes(String namespace) {
        modesOf(namespace).stream()
                .filter(mode -> !ModeState.ended(mode))
                .forEach(mode -> modeEvents.propagateEvent(ResourceID.fromResource(mode)));
    }

    /** Wakes a backup that waits for something which is there now. */
    public void wakeBackup(ResourceID backup) {
        backupEvents.propagateEvent(backup);
    }

    /** Wakes an application that something was learnt of. */
    public void wakeApplication(ResourceID application) {
        applicationEvents.propagateEvent(application);
    }

    private void wakeApplication(HasMetadata of, String name) {
        wakeApplication(new ResourceID(name, of.getMetadata().getNamespace()));
    }

    /** Wakes a rollback of which something was learnt. */
    public void wakeRollback(ResourceID request) {
        rollbackEvents.propagateEvent(request);
    }

    /** Wakes a policy that something was done for. */
    public void wakePolicy(ResourceID policy) {
        policyEvents.propagateEvent(policy);
    }

    private void wakeBackupsOf(BackupPolicy policy) {
        backupsOf(policy.getMetadata().getNamespace(), policy.getMetadata().getName()).stream()
                .filter(backup -> backup.getStatus() == null
                        || backup.getStatus().phase() == null
                        || !backup.getStatus().phase().terminal()
                        || DataDeletion.concerns(backup))
                .forEach(backup -> backupEvents.propagateEvent(ResourceID.fromResource(backup)));
    }

    /** Waking on every pass would let two objects that look at each other wake each other for ever. */
    private boolean unchanged(String key, boolean deleted, Object fingerprint) {
        return deleted ? seen.remove(key) == null : fingerprint.equals(seen.put(key, fingerprint));
    }

    private static <T extends HasMetadata> SimpleInboundEventSource<T> events() {
        return new SimpleInboundEventSource<>("woken-by-related-objects");
    }

    private static <S> List<String> keys(HasMetadata object, S spec, Function<S, ObjectReference> reference) {
        return spec == null
                ? List.of()
                : List.of(key(object, reference.apply(spec).name()));
    }

    private static String key(HasMetadata object, String name) {
        return object.getMetadata().getNamespace() + "/" + name;
    }
}
