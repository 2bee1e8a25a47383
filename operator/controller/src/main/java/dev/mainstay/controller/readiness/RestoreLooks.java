package dev.mainstay.controller.readiness;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.controller.backup.BackupJobs;
import dev.mainstay.controller.backup.JobCaches;
import dev.mainstay.controller.backup.JobObservations;
import dev.mainstay.controller.backup.JobPlaces;
import dev.mainstay.controller.kube.ApiErrors;
import dev.mainstay.controller.kube.JobClient;
import dev.mainstay.controller.kube.ServiceAccounts;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.claims.Claims;
import dev.mainstay.core.readiness.ReadinessDecider;
import dev.mainstay.core.readiness.ReadinessDecision;
import dev.mainstay.core.readiness.ReadinessObservation;
import dev.mainstay.core.restore.RestoreClaims;
import dev.mainstay.core.runbook.DatabaseMaintainStepType;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Has Jobs look whether restores of an application would succeed, and reads what they found. */
public final class RestoreLooks {

    private final ServiceAccounts accounts;
    private final JobClient jobClient;
    private final JobCaches caches;
    private final JobPlaces places;
    private final BackupJobs jobs;
    private final Wakeups wakeups;
    private final String clusterId;

    public RestoreLooks(
            ServiceAccounts accounts,
            JobClient jobClient,
            JobCaches caches,
            JobPlaces places,
            BackupJobs jobs,
            Wakeups wakeups,
            String clusterId) {
        this.accounts = accounts;
        this.jobClient = jobClient;
        this.caches = caches;
        this.places = places;
        this.jobs = jobs;
        this.wakeups = wakeups;
        this.clusterId = clusterId;
    }

    /** Takes one step. Of an application that nothing is due of, health alone brings many passes: they ask for nothing. */
    public ReadinessDecision act(ManagedApplication application, Claims standing, Instant now) {
        Instant dropped = DatabaseMaintainStepType.lastDrop(wakeups.runs()
                        .ofApplication(
                                application.getMetadata().getNamespace(),
                                application.getMetadata().getName()))
                .orElse(null);
        ReadinessDecision decision = ReadinessDecider.decide(
                ReadinessDecider.due(application, dropped, now)
                        ? observe(application, standing, dropped, now)
                        : nothing(application, dropped),
                now);
        if (decision.end() != null) {
            end(application, decision.end(), now);
        }
        return decision.make() == null
                        || !places.takeIdle(
                                application.getMetadata().getNamespace(),
                                decision.make().name())
                ? decision
                : make(application, decision);
    }

    /** What the API server does not make now is told and tried again: the application's own pass doesn't wait for it. */
    ReadinessDecision make(ManagedApplication application, ReadinessDecision decision) {
        try {
            return made(application, decision);
        } catch (RuntimeException e) {
            String problem = ApiErrors.failure(e).orElseThrow(() -> e);
            return ReadinessDecider.notMade(decision, Reason.IN_PROGRESS, problem);
        }
    }

    private ReadinessDecision made(ManagedApplication application, ReadinessDecision decision) {
        return switch (places.fill(jobClient, jobs.ready(application, decision.make()))) {
            case JobClient.Made.Exists ignored -> decision;
            case JobClient.Made.Foreign ignored ->
                ReadinessDecider.notMade(
                        decision,
                        Reason.FOREIGN_JOB,
                        "one of that name exists and belongs to something else. Delete it.");
            case JobClient.Made.Invalid invalid ->
                ReadinessDecider.notMade(decision, Reason.INVALID_SPEC, invalid.message());
            case JobClient.Made.Refused refused ->
                ReadinessDecider.notMade(decision, Reason.FORBIDDEN, refused.message());
            case JobClient.Made.NamespaceEnds ignored -> decision;
        };
    }

    private void end(ManagedApplication application, String name, Instant now) {
        caches.jobsOf(application.getMetadata().getUid()).stream()
                .filter(job -> name.equals(job.getMetadata().getName()))
                .forEach(job -> jobClient.end(job, now));
    }

    private ReadinessObservation nothing(ManagedApplication application, Instant dropped) {
        return new ReadinessObservation(
                application,
                ServiceAccountObservation.NOT_NAMED,
                clusterId,
                List.of(),
                Map.of(),
                false,
                null,
                dropped,
                false);
    }

    private ReadinessObservation observe(
            ManagedApplication application, Claims standing, Instant dropped, Instant now) {
        String namespace = application.getMetadata().getNamespace();
        Map<String, JobObservation> seen = new HashMap<>();
        for (Job job : caches.jobsOf(application.getMetadata().getUid())) {
            JobObservation observed = JobObservations.certain(
                    jobClient,
                    job,
                    caches.podsOf(
                            application.getMetadata().getNamespace(),
                            job.getMetadata().getName()),
                    application.getMetadata().getUid(),
                    now);
            seen.put(observed.name(), observed);
        }
        return new ReadinessObservation(
                application,
                accounts.of(namespace, application),
                clusterId,
                wakeups.policiesOf(namespace, application.getMetadata().getName()),
                seen,
                standing.grants().stream()
                        .anyMatch(grant -> grant.holder().kind().equals(RestoreClaims.KIND)),
                restored(application),
                dropped,
                places.idle(namespace));
    }

    private Instant restored(ManagedApplication application) {
        return wakeups.restoresOf(application.getMetadata().getNamespace()).stream()
                .filter(request -> request.getSpec() != null
                        && !request.getSpec().dryRun()
                        && application
                                .getMetadata()
                                .getName()
                                .equals(request.getSpec().applicationRef().name())
                        && request.getStatus() != null
                        && request.getStatus().completedAt() != null)
                .map(request -> request.getStatus().completedAt())
                .max(Comparator.naturalOrder())
                .orElse(null);
    }
}
