package dev.mainstay.controller.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.controller.task.RunnerPods;
import dev.mainstay.core.backup.BackupDecision.MakeJob;
import dev.mainstay.core.backup.PreflightDecision;
import dev.mainstay.core.backup.RestoreTestDecision;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.readiness.ReadinessDecider;
import dev.mainstay.core.readiness.ReadinessDecision;
import dev.mainstay.core.restore.RestoreDecision;
import dev.mainstay.core.task.DependencyAuditWork;
import dev.mainstay.core.task.RestoreOrder.PodServer;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** The Jobs of backups, policies, restores and runs, as the API server gets them. */
public final class BackupJobs {

    /** Annotation of Job and Pod: name of the owner, which may be too long for a label. */
    public static final String OWNER_NAME = "mainstay.dev/owner-name";

    /** Annotation of the Job: the time after which its runner does nothing. */
    static final String START_BY = "mainstay.dev/start-by";

    /** The runner keeps its deadlines itself; this is the net under them. */
    private static final Duration NET = Duration.ofMinutes(2);

    /** A net as well: results are in the status long before. A failed Job can be looked at for a day. */
    private static final int KEPT_SECONDS = 86_400;

    /** Of those that may follow each other for long: while there are gaps, or a server does not answer. */
    private static final int REPEATED_KEPT_SECONDS = 3_600;

    private static final int MOST_KEPT = 3;

    private final RunnerPods pods;

    public BackupJobs(RunnerPods pods) {
        this.pods = pods;
    }

    /** The Job of a decision. */
    public Job job(DatabaseBackup backup, ManagedApplication application, MakeJob decision, Duration pendingTimeout) {
        Map<String, String> labels = labels(
                backup, backup.getSpec().policyRef().name(), decision.task().kind());
        labels.put(Annotations.ATTEMPT, String.valueOf(decision.attempt().number()));
        if (decision.task().kind() == TaskKind.BACKUP) {
            labels.put(
                    Annotations.SERVER,
                    Names.server(
                            decision.task().database().host(),
                            decision.task().database().port()));
        }
        return job(backup, labels, application, decision.name(), decision.task(), decision.startBy(), pendingTimeout);
    }

    /** The Job of a policy's preflight. */
    public Job preflight(
            BackupPolicy policy,
            ManagedApplication application,
            PreflightDecision.Make decision,
            Duration pendingTimeout) {
        Map<String, String> labels =
                labels(policy, policy.getMetadata().getName(), decision.task().kind());
        return job(policy, labels, application, decision.name(), decision.task(), decision.startBy(), pendingTimeout);
    }

    /** The Job of a policy's restore test. */
    public Job restoreTest(
            BackupPolicy policy,
            ManagedApplication application,
            RestoreTestDecision.Make decision,
            Duration pendingTimeout) {
        Map<String, String> labels =
                labels(policy, policy.getMetadata().getName(), decision.task().kind());
        labels.put(Annotations.ATTEMPT, String.valueOf(decision.task().attempt()));
        return job(policy, labels, application, decision.name(), decision.task(), decision.startBy(), pendingTimeout);
    }

    /** The Job that looks whether restores of an application would succeed. */
    public Job ready(ManagedApplication application, ReadinessDecision.Make decision) {
        return job(
                application,
                labels(application, decision.task().kind()),
                application,
                decision.name(),
                decision.task(),
                decision.startBy(),
                ReadinessDecider.STARTS_WITHIN);
    }

    /** The Job of a restore's task. */
    public Job restore(
            RestoreRequest request,
            ManagedApplication application,
            RestoreDecision.MakeJob decision,
            Duration pendingTimeout) {
        Map<String, String> labels = labels(request, decision.task().kind());
        labels.put(Annotations.ATTEMPT, String.valueOf(decision.task().attempt()));
        return job(request, labels, application, decision.name(), decision.task(), decision.startBy(), pendingTimeout);
    }

    /** The Job of an attempt of a run's step. */
    public Job step(
            MaintenanceRun run, ManagedApplication application, String name, Task task, Duration pendingTimeout) {
        Map<String, String> labels = labels(run, task.kind());
        labels.put(Annotations.ATTEMPT, String.valueOf(task.attempt()));
        Job job = job(run, labels, application, name, task, task.startBy(), pendingTimeout);
        return task.step().work() instanceof DependencyAuditWork audit
                ? new JobBuilder(job)
                        .editSpec()
                        .withTemplate(pods.withNpm(job.getSpec().getTemplate(), application, audit))
                        .endSpec()
                        .build()
                : job;
    }

    private Job job(
            HasMetadata owner,
            Map<String, String> labels,
            ManagedApplication application,
            String name,
            Task task,
            Instant startBy,
            Duration pendingTimeout) {
        return new JobBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(owner.getMetadata().getNamespace())
                .withLabels(labels)
                .addToAnnotations(OWNER_NAME, owner.getMetadata().getName())
                .addToAnnotations(START_BY, startBy.toString())
                .addNewOwnerReference()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(0)
                .withPodReplacementPolicy("Failed")
                .withTtlSecondsAfterFinished(keptSeconds(task))
                .withActiveDeadlineSeconds(Duration.ofSeconds(task.timeoutSeconds())
                        .plus(pendingTimeout)
                        .plus(NET)
                        .toSeconds())
                .withTemplate(pods.template(
                        application,
                        labels,
                        Map.of(OWNER_NAME, owner.getMetadata().getName()),
                        TaskJson.write(task),
                        task.secrets(),
                        task.kind().graceSeconds(),
                        server(task)))
                .endSpec()
                .build();
    }

    private static PodServer server(Task task) {
        return task.restore() == null || task.restore().test() == null
                ? null
                : task.restore().test().pod();
    }

    /** A volume that is made for a Pod stays as long as that, and costs. */
    static int keptSeconds(Task task) {
        return server(task) != null && server(task).storageClassName() != null
                ? REPEATED_KEPT_SECONDS
                : keptSeconds(task.kind(), task.attempt());
    }

    /** How long a Job stays when it has ended. */
    static int keptSeconds(TaskKind kind, int attempt) {
        return switch (kind) {
            case PREFLIGHT, RESTORE_READY, RESTORE_SETTLE -> REPEATED_KEPT_SECONDS;
            case RESTORE_PLAN, RESTORE_COPY, RESTORE_SWAP, RESTORE_INTO_EMPTY, STEP ->
                attempt > MOST_KEPT ? REPEATED_KEPT_SECONDS : KEPT_SECONDS;
            case BACKUP, SETTLE, VERIFY, REMOVE, RESTORE_TEST -> KEPT_SECONDS;
        };
    }

    private static Map<String, String> labels(HasMetadata owner, String policy, TaskKind kind) {
        Map<String, String> labels = labels(owner, kind);
        labels.put(Annotations.POLICY, Names.label(policy));
        return labels;
    }

    private static Map<String, String> labels(HasMetadata owner, TaskKind kind) {
        Map<String, String> labels = new TreeMap<>();
        labels.put("app.kubernetes.io/managed-by", "mainstay");
        labels.put(Annotations.OWNER_UID, owner.getMetadata().getUid());
        labels.put(Annotations.TASK, kind.text());
        return labels;
    }
}
