package dev.mainstay.controller.restore;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.controller.application.HealthLook;
import dev.mainstay.controller.backup.JobCaches;
import dev.mainstay.controller.backup.JobObservations;
import dev.mainstay.controller.backup.ProgressSampler;
import dev.mainstay.controller.claims.ClaimLeases;
import dev.mainstay.controller.kube.Autoscalers;
import dev.mainstay.controller.kube.ClaimLease;
import dev.mainstay.controller.kube.JobClient;
import dev.mainstay.controller.kube.MaintenanceModes;
import dev.mainstay.controller.kube.ServiceAccounts;
import dev.mainstay.controller.kube.WorkloadScales;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.claims.ExecutedRequests;
import dev.mainstay.core.mode.ModeState;
import dev.mainstay.core.restore.HealthSeen;
import dev.mainstay.core.restore.PreviousKept;
import dev.mainstay.core.restore.RestoreClaims;
import dev.mainstay.core.restore.RestoreDecider;
import dev.mainstay.core.restore.RestoreDecision;
import dev.mainstay.core.restore.RestoreMaintenance;
import dev.mainstay.core.restore.RestoreObservation;
import dev.mainstay.core.restore.SafetyBackups;
import dev.mainstay.core.task.TaskProgress;
import dev.mainstay.core.workload.KeptStopped;
import dev.mainstay.core.workload.StopTarget;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Gathers what is known about a RestoreRequest. */
public final class RestoreObserver {

    private final ServiceAccounts accounts;
    private final JobClient jobClient;
    private final JobCaches caches;
    private final ProgressSampler sampler;
    private final MaintenanceModes modes;
    private final WorkloadScales scales;
    private final Autoscalers autoscalers;
    private final HealthLook health;
    private final ClaimLeases leases;
    private final Wakeups wakeups;
    private final String clusterId;
    private final AtomicReference<Instant> watchedSince = new AtomicReference<>();

    public RestoreObserver(
            ServiceAccounts accounts,
            JobClient jobClient,
            JobCaches caches,
            ProgressSampler sampler,
            MaintenanceModes modes,
            WorkloadScales scales,
            Autoscalers autoscalers,
            HealthLook health,
            ClaimLeases leases,
            Wakeups wakeups,
            String clusterId) {
        this.accounts = accounts;
        this.jobClient = jobClient;
        this.caches = caches;
        this.sampler = sampler;
        this.modes = modes;
        this.scales = scales;
        this.autoscalers = autoscalers;
        this.health = health;
        this.leases = leases;
        this.wakeups = wakeups;
        this.clusterId = clusterId;
    }

    /** Observes; asks the API server only where an old cache could do harm. */
    public RestoreObservation observe(RestoreRequest request, Instant now) {
        String namespace = request.getMetadata().getNamespace();
        String name = RestoreClaims.application(request);
        ManagedApplication application =
                name == null ? null : wakeups.application(namespace, name).orElse(null);
        Map<String, JobObservation> jobs = jobs(request, now);
        List<BackupPolicy> policies = wakeups.policiesOf(namespace);
        List<StopTarget> targets = RestoreDecider.targets(request, application);
        return new RestoreObservation(
                request,
                application,
                name == null ? null : leases.otherRelease(namespace, name).orElse(null),
                Optional.ofNullable(name)
                        .flatMap(found -> leases.of(namespace, found))
                        .map(ClaimLease::executed)
                        .orElse(ExecutedRequests.NONE),
                wakeups.restoresOf(namespace).stream()
                        .filter(other -> !other.getMetadata()
                                .getUid()
                                .equals(request.getMetadata().getUid()))
                        .toList(),
                policies,
                backups(request),
                safetyBackup(request),
                accounts.of(namespace, application),
                clusterId,
                jobs,
                progress(namespace, jobs),
                mode(request),
                targets.stream()
                        .map(target -> scales.read(namespace, target.kind(), target.name()))
                        .toList(),
                RestoreDecider.asksForAutoscalers(request) ? autoscalers.list(namespace) : List.of(),
                name == null ? List.of() : stoppedByModes(namespace, name, now),
                health(request, application),
                since(now),
                false,
                null);
    }

    /** What is to be noted of a restore that is over; nothing of it is asked of the API server. */
    RestoreDecision afterwards(RestoreRequest request) {
        String namespace = request.getMetadata().getNamespace();
        String name = RestoreClaims.application(request);
        return name == null || leases.otherRelease(namespace, name).isPresent()
                ? new RestoreDecision.LeaveAlone()
                : PreviousKept.afterwards(
                        request,
                        wakeups.restoresOf(namespace),
                        wakeups.application(namespace, name).orElse(null));
    }

    /** A standby does not look. */
    private Instant since(Instant now) {
        watchedSince.compareAndSet(null, now);
        return watchedSince.get();
    }

    private List<KeptStopped> stoppedByModes(String namespace, String application, Instant now) {
        return wakeups.modesOf(namespace, application).stream()
                .map(mode -> ModeState.stopped(mode, now))
                .toList();
    }

    private List<DatabaseBackup> backups(RestoreRequest request) {
        if (request.getSpec() == null || RestoreDecider.begun(request)) {
            return List.of();
        }
        String namespace = request.getMetadata().getNamespace();
        if (request.getSpec().source().backupRef() != null) {
            return wakeups
                    .backup(namespace, request.getSpec().source().backupRef().name())
                    .stream()
                    .toList();
        }
        return request.getSpec().source().policyRef() == null
                ? List.of()
                : wakeups.backupsOf(
                        namespace, request.getSpec().source().policyRef().name());
    }

    private DatabaseBackup safetyBackup(RestoreRequest request) {
        return RestoreDecider.begun(request)
                ? wakeups.backup(request.getMetadata().getNamespace(), SafetyBackups.name(request))
                        .orElse(null)
                : null;
    }

    /** That a task is gone, or has ended without a result, may not rest on caches that are filled by two watches. */
    private Map<String, JobObservation> jobs(RestoreRequest request, Instant now) {
        String namespace = request.getMetadata().getNamespace();
        String uid = request.getMetadata().getUid();
        Map<String, JobObservation> jobs = new HashMap<>();
        for (Job job : caches.jobsOf(uid)) {
            jobs.put(
                    job.getMetadata().getName(),
                    JobObservations.of(
                            job, caches.podsOf(namespace, job.getMetadata().getName()), uid));
        }
        RestoreDecider.doubtful(request, jobs, now)
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

    private MaintenanceMode mode(RestoreRequest request) {
        return RestoreDecider.mayHaveMode(request)
                ? modes.find(request.getMetadata().getNamespace(), RestoreMaintenance.name(request))
                        .orElse(null)
                : null;
    }

    /** Asked in the pass itself: there are few restores, and this is the one step that waits for an answer. */
    private HealthSeen health(RestoreRequest request, ManagedApplication application) {
        boolean asked = request.getStatus() != null && request.getStatus().step() == RestoreStepName.CHECK_HEALTH;
        return !asked || application == null || application.getSpec() == null
                ? null
                : health.of(application, application.getSpec().health()).orElse(null);
    }
}
