package dev.mainstay.controller.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.controller.task.RunnerPods;
import dev.mainstay.core.backup.BackupDecision.MakeJob;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The Jobs of backups, as the API server gets them. */
public final class BackupJobs {

    /** Annotation of Job and Pod: name of the DatabaseBackup, which may be too long for a label. */
    static final String OWNER_NAME = "mainstay.dev/owner-name";

    /** Annotation of the Job: the time after which its runner does nothing. */
    static final String START_BY = "mainstay.dev/start-by";

    /** The runner keeps its deadlines itself; this is the net under them. */
    private static final Duration NET = Duration.ofMinutes(2);

    /** A net as well: results are in the status long before. A failed Job can be looked at for a day. */
    private static final int KEPT_SECONDS = 86_400;

    private final RunnerPods pods;

    public BackupJobs(RunnerPods pods) {
        this.pods = pods;
    }

    /** The Job of a decision. */
    public Job job(DatabaseBackup backup, ManagedApplication application, MakeJob decision, Duration pendingTimeout) {
        Map<String, String> labels = labels(backup, decision);
        return new JobBuilder()
                .withNewMetadata()
                .withName(decision.name())
                .withNamespace(backup.getMetadata().getNamespace())
                .withLabels(labels)
                .addToAnnotations(OWNER_NAME, backup.getMetadata().getName())
                .addToAnnotations(START_BY, decision.startBy().toString())
                .addNewOwnerReference()
                .withApiVersion(backup.getApiVersion())
                .withKind(backup.getKind())
                .withName(backup.getMetadata().getName())
                .withUid(backup.getMetadata().getUid())
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(0)
                .withPodReplacementPolicy("Failed")
                .withTtlSecondsAfterFinished(KEPT_SECONDS)
                .withActiveDeadlineSeconds(Duration.ofSeconds(decision.task().timeoutSeconds())
                        .plus(pendingTimeout)
                        .plus(NET)
                        .toSeconds())
                .withTemplate(pods.template(
                        application,
                        labels,
                        Map.of(OWNER_NAME, backup.getMetadata().getName()),
                        TaskJson.write(decision.task()),
                        decision.task().secrets()))
                .endSpec()
                .build();
    }

    private static Map<String, String> labels(DatabaseBackup backup, MakeJob decision) {
        Map<String, String> labels = new TreeMap<>();
        labels.put("app.kubernetes.io/managed-by", "mainstay");
        labels.put(Annotations.POLICY, Names.label(backup.getSpec().policyRef().name()));
        labels.put(Annotations.OWNER_UID, backup.getMetadata().getUid());
        labels.put(Annotations.TASK, decision.task().kind().text());
        labels.put(Annotations.ATTEMPT, String.valueOf(decision.attempt().number()));
        return labels;
    }
}
