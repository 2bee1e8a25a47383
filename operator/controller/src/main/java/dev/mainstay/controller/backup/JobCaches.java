package dev.mainstay.controller.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.controller.kube.KubernetesClients;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.task.TaskKind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The informers on our Jobs and their Pods, those of policies too: found by label, and what is looked up in them. */
public final class JobCaches implements JobPlaces.Jobs {

    private static final String BY_OWNER = "by-owner";
    private static final String BY_JOB = "by-job";
    private static final String UNFINISHED = "unfinished";

    /** Beginning of the kinds of task that a restore has. */
    private static final String RESTORE = "restore-";

    private final Wakeups wakeups;
    private InformerEventSource<Job, DatabaseBackup> jobs;
    private InformerEventSource<Pod, DatabaseBackup> pods;

    public JobCaches(Wakeups wakeups) {
        this.wakeups = wakeups;
    }

    /** Makes the informers. */
    public List<EventSource<?, DatabaseBackup>> prepare(EventSourceContext<DatabaseBackup> context) {
        jobs = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Job.class, DatabaseBackup.class)
                        .withName("job")
                        .withNamespacesInheritedFromController()
                        .withLabelSelector(Annotations.OWNER_UID)
                        .withInformerListLimit(KubernetesClients.LIST_PAGE)
                        .withSecondaryToPrimaryMapper(this::owner)
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
                        .withSecondaryToPrimaryMapper(this::owner)
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
    public List<Job> jobsOf(String uid) {
        return jobs.byIndex(BY_OWNER, uid);
    }

    /** The Pods of a Job. */
    public List<Pod> podsOf(String namespace, String job) {
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

    /**
     * The backup to be woken. A policy whose preflight or restore test it is, a restore, a run, or an application whose
     * restores are looked at, another controller's objects, are woken beside that.
     */
    private Set<ResourceID> owner(HasMetadata object) {
        String name = object.getMetadata().getAnnotations() == null
                ? null
                : object.getMetadata().getAnnotations().get(BackupJobs.OWNER_NAME);
        if (name == null) {
            return Set.of();
        }
        ResourceID id = new ResourceID(name, object.getMetadata().getNamespace());
        String task = object.getMetadata().getLabels().get(Annotations.TASK);
        if (TaskKind.PREFLIGHT.text().equals(task)
                || TaskKind.RESTORE_TEST.text().equals(task)) {
            wakeups.wakePolicy(id);
            return Set.of();
        }
        if (TaskKind.RESTORE_READY.text().equals(task)) {
            wakeups.wakeApplication(id);
            return Set.of();
        }
        if (TaskKind.STEP.text().equals(task)) {
            wakeups.runs().wakeRun(id);
            return Set.of();
        }
        if (task != null && task.startsWith(RESTORE)) {
            wakeups.wakeRestore(id);
            return Set.of();
        }
        return Set.of(id);
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }
}
