package dev.mainstay.controller.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.controller.kube.KubernetesClients;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.Mappers;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The informers on our Jobs and their Pods, found by label, and what is looked up in them. */
public final class JobCaches implements JobPlaces.Jobs {

    private static final String BY_OWNER = "by-owner";
    private static final String BY_JOB = "by-job";
    private static final String UNFINISHED = "unfinished";

    private InformerEventSource<Job, DatabaseBackup> jobs;
    private InformerEventSource<Pod, DatabaseBackup> pods;

    /** Makes the informers. */
    public List<EventSource<?, DatabaseBackup>> prepare(EventSourceContext<DatabaseBackup> context) {
        jobs = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Job.class, DatabaseBackup.class)
                        .withName("job")
                        .withNamespacesInheritedFromController()
                        .withLabelSelector(Annotations.OWNER_UID)
                        .withInformerListLimit(KubernetesClients.LIST_PAGE)
                        .withSecondaryToPrimaryMapper(Mappers.fromOwnerType(DatabaseBackup.class))
                        .build(),
                context);
        jobs.addIndexers(Map.of(
                BY_OWNER, job -> List.of(job.getMetadata().getLabels().get(Annotations.OWNER_UID)),
                UNFINISHED, job -> finished(job) ? List.of() : List.of(UNFINISHED)));
        pods = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Pod.class, DatabaseBackup.class)
                        .withName("pod")
                        .withNamespacesInheritedFromController()
                        .withLabelSelector(Annotations.OWNER_UID)
                        .withInformerListLimit(KubernetesClients.LIST_PAGE)
                        .withSecondaryToPrimaryMapper(JobCaches::owner)
                        .build(),
                context);
        pods.addIndexers(Map.of(
                BY_JOB,
                pod -> List.of(key(
                        pod.getMetadata().getNamespace(),
                        pod.getMetadata().getLabels().getOrDefault("batch.kubernetes.io/job-name", "")))));
        return List.of(jobs, pods);
    }

    /** The Jobs that work for the object of that uid. */
    List<Job> jobsOf(String uid) {
        return jobs.byIndex(BY_OWNER, uid);
    }

    /** The Pods of a Job. */
    List<Pod> podsOf(String namespace, String job) {
        return pods.byIndex(BY_JOB, key(namespace, job));
    }

    @Override
    public boolean has(String namespace, String job) {
        return jobs.get(new ResourceID(job, namespace)).isPresent();
    }

    @Override
    public List<Job> unfinished() {
        return jobs.byIndex(UNFINISHED, UNFINISHED);
    }

    private static boolean finished(Job job) {
        return job.getStatus() != null
                && job.getStatus().getConditions().stream()
                        .anyMatch(condition -> "True".equals(condition.getStatus())
                                && ("Complete".equals(condition.getType()) || "Failed".equals(condition.getType())));
    }

    private static Set<ResourceID> owner(Pod pod) {
        String name = pod.getMetadata().getAnnotations() == null
                ? null
                : pod.getMetadata().getAnnotations().get(BackupJobs.OWNER_NAME);
        return name == null
                ? Set.of()
                : Set.of(new ResourceID(name, pod.getMetadata().getNamespace()));
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }
}
