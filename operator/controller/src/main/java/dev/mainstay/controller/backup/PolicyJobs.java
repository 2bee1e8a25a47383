package dev.mainstay.controller.backup;

import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.controller.kube.JobClient;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.backup.PreflightDecider;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The Jobs that a policy has itself: preflights and restore tests. */
public final class PolicyJobs {

    private final JobClient client;
    private final JobCaches caches;

    public PolicyJobs(JobClient client, JobCaches caches) {
        this.client = client;
        this.caches = caches;
    }

    /** What is seen of them, by name. */
    Map<String, JobObservation> of(BackupPolicy policy, Instant now) {
        Map<String, JobObservation> seen = new HashMap<>();
        for (Job job : caches.jobsOf(policy.getMetadata().getUid())) {
            JobObservation observed = observe(policy, job, now);
            seen.put(observed.name(), observed);
        }
        return seen;
    }

    /** Has one of them ended. */
    void end(BackupPolicy policy, String name, Instant now) {
        caches.jobsOf(policy.getMetadata().getUid()).stream()
                .filter(job -> name.equals(job.getMetadata().getName()))
                .forEach(job -> client.end(job, now));
    }

    /** That it has ended without a result may not rest on caches that are filled by two watches. */
    private JobObservation observe(BackupPolicy policy, Job job, Instant now) {
        String namespace = policy.getMetadata().getNamespace();
        String name = job.getMetadata().getName();
        String uid = policy.getMetadata().getUid();
        JobObservation observed = JobObservations.of(job, caches.podsOf(namespace, name), uid);
        boolean silent = observed.pod() == null
                || TaskJson.readResult(observed.pod().terminationMessage()).isEmpty();
        return silent && PreflightDecider.seemsDead(observed, now)
                ? JobObservations.fresh(client, namespace, name, uid).orElse(observed)
                : observed;
    }
}
