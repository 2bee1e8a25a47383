package dev.mainstay.controller.backup;

import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.controller.kube.JobClient;
import dev.mainstay.core.backup.JobObservation;
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
            JobObservation observed = JobObservations.certain(
                    client,
                    job,
                    caches.podsOf(
                            policy.getMetadata().getNamespace(),
                            job.getMetadata().getName()),
                    policy.getMetadata().getUid(),
                    now);
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
}
