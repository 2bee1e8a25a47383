package dev.mainstay.controller.backup;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.controller.claims.ClaimLeases;
import dev.mainstay.controller.kube.ClaimLease;
import dev.mainstay.controller.kube.JobClient;
import dev.mainstay.controller.kube.ServiceAccounts;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.backup.BackupClaims;
import dev.mainstay.core.backup.BackupObservation;
import dev.mainstay.core.backup.BackupObservation.ClaimObservation;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.backup.CacheDoubt;
import dev.mainstay.core.backup.DatabaseChoice;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.claims.Grant;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.restore.RestoreClaims;
import dev.mainstay.core.task.TaskProgress;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gathers what is known about a DatabaseBackup. */
public final class BackupObserver {

    private final ServiceAccounts accounts;
    private final JobClient jobClient;
    private final JobCaches caches;
    private final JobPlaces places;
    private final Wakeups wakeups;
    private final ProgressSampler sampler;
    private final ClaimLeases leases;
    private final String clusterId;

    public BackupObserver(
            ServiceAccounts accounts,
            JobClient jobClient,
            JobCaches caches,
            JobPlaces places,
            Wakeups wakeups,
            ProgressSampler sampler,
            ClaimLeases leases,
            String clusterId) {
        this.accounts = accounts;
        this.jobClient = jobClient;
        this.caches = caches;
        this.places = places;
        this.wakeups = wakeups;
        this.sampler = sampler;
        this.leases = leases;
        this.clusterId = clusterId;
    }

    /** Observes; asks the API server only where an old cache could do harm. */
    public BackupObservation observe(DatabaseBackup backup, Instant now) {
        String namespace = backup.getMetadata().getNamespace();
        BackupPolicy policy = backup.getSpec() == null
                ? null
                : wakeups.policy(namespace, backup.getSpec().policyRef().name()).orElse(null);
        ManagedApplication application = policy == null || policy.getSpec() == null
                ? null
                : wakeups.application(
                                namespace, policy.getSpec().applicationRef().name())
                        .orElse(null);
        ClaimObservation claim = claim(backup, application);
        Map<String, JobObservation> jobs = jobs(backup, claim.makeRoomFor(), now);
        return new BackupObservation(
                backup,
                policy,
                application,
                terminal(backup) && backup.getMetadata().getDeletionTimestamp() == null
                        ? ServiceAccountObservation.NOT_NAMED
                        : accounts.of(namespace, application),
                clusterId,
                jobs,
                places.seen(backup, DatabaseChoice.server(policy, application)),
                others(backup),
                claim,
                progress(namespace, jobs));
    }

    private List<DatabaseBackup> others(DatabaseBackup backup) {
        return backup.getSpec() != null && !terminal(backup)
                ? wakeups.backupsOf(
                        backup.getMetadata().getNamespace(),
                        backup.getSpec().policyRef().name())
                : List.of();
    }

    private static boolean terminal(DatabaseBackup backup) {
        return backup.getStatus() != null
                && backup.getStatus().phase() != null
                && backup.getStatus().phase().terminal();
    }

    private ClaimObservation claim(DatabaseBackup backup, ManagedApplication application) {
        if (application == null) {
            return ClaimObservation.NONE;
        }
        String namespace = application.getMetadata().getNamespace();
        String name = application.getMetadata().getName();
        return leases.otherRelease(namespace, name)
                .map(other -> new ClaimObservation(other, null))
                .orElseGet(() -> new ClaimObservation(
                        null,
                        leases.of(namespace, name)
                                .flatMap(ClaimLease::claims)
                                .flatMap(claims -> claims.of(BackupClaims.holder(backup)))
                                .map(Grant::makeRoomFor)
                                .orElse(null),
                        !RestoreClaims.underWay(wakeups.restoresOf(namespace), name)
                                .isEmpty()));
    }

    private Map<String, JobObservation> jobs(DatabaseBackup backup, Holder makeRoomFor, Instant now) {
        String namespace = backup.getMetadata().getNamespace();
        String uid = backup.getMetadata().getUid();
        Map<String, JobObservation> jobs = new HashMap<>();
        for (Job job : caches.jobsOf(uid)) {
            jobs.put(
                    job.getMetadata().getName(),
                    JobObservations.of(
                            job, caches.podsOf(namespace, job.getMetadata().getName()), uid));
        }
        CacheDoubt.of(backup, makeRoomFor, jobs, now)
                .ifPresent(name -> JobObservations.fresh(jobClient, namespace, name, uid)
                        .ifPresentOrElse(job -> jobs.put(name, job), () -> jobs.remove(name)));
        return jobs;
    }

    private TaskProgress progress(String namespace, Map<String, JobObservation> jobs) {
        return jobs.values().stream()
                .filter(job ->
                        job.pod() != null && job.pod().started() && !job.pod().ended())
                .findFirst()
                .flatMap(job -> sampler.newest(namespace, job.pod().name()))
                .orElse(null);
    }
}
