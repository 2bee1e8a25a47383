package dev.mainstay.controller.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.JobTemplate;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.core.backup.BackupDecision.MakeJob;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.CapabilitiesBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The Jobs of backups, as the API server gets them. Users choose a few fields of the Pod and never its power. */
public final class BackupJobs {

    /** Name of the one container. */
    static final String CONTAINER = "runner";

    /** Annotation of Job and Pod: name of the DatabaseBackup, which may be too long for a label. */
    static final String OWNER_NAME = "mainstay.dev/owner-name";

    /** Annotation of the Job: the time after which its runner does nothing. */
    static final String START_BY = "mainstay.dev/start-by";

    /** The runner keeps its deadlines itself; this is the net under them. */
    private static final Duration NET = Duration.ofMinutes(2);

    /** A net as well: results are in the status long before. A failed Job can be looked at for a day. */
    private static final int KEPT_SECONDS = 86_400;

    private final String image;
    private final String pullPolicy;

    /**
     * Creates the maker.
     *
     * @param image image of the runner
     * @param pullPolicy its pull policy
     */
    public BackupJobs(String image, String pullPolicy) {
        this.image = image;
        this.pullPolicy = pullPolicy;
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
                .withTemplate(pod(backup, application, decision.task(), labels))
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

    private PodTemplateSpec pod(
            DatabaseBackup backup, ManagedApplication application, Task task, Map<String, String> labels) {
        JobTemplate template = application == null || application.getSpec() == null
                ? null
                : application.getSpec().jobTemplate();
        PodSpecBuilder spec = new PodSpecBuilder()
                .withRestartPolicy("Never")
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(30L)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                // Left out, the image's own user runs it, or on OpenShift the one that the namespace's range has for
                // it.
                .withRunAsUser(template == null ? null : template.runAsUser())
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withContainers(container(task, template))
                .withVolumes(volumes(task));
        if (template != null) {
            chosen(spec, template);
        }
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(podLabels(template, labels))
                .withAnnotations(podAnnotations(backup, template))
                .endMetadata()
                .withSpec(spec.build())
                .build();
    }

    private static void chosen(PodSpecBuilder spec, JobTemplate template) {
        PodSpec chosen = new PodSpecBuilder()
                .withNodeSelector(template.nodeSelector())
                .withTolerations(template.tolerations())
                .withAffinity(template.affinity())
                .withTopologySpreadConstraints(template.topologySpreadConstraints())
                .withPriorityClassName(template.priorityClassName())
                .withRuntimeClassName(template.runtimeClassName())
                .withImagePullSecrets(template.imagePullSecrets())
                .withServiceAccountName(template.serviceAccountName())
                .build();
        spec.withNodeSelector(chosen.getNodeSelector())
                .withTolerations(chosen.getTolerations())
                .withAffinity(chosen.getAffinity())
                .withTopologySpreadConstraints(chosen.getTopologySpreadConstraints())
                .withPriorityClassName(chosen.getPriorityClassName())
                .withRuntimeClassName(chosen.getRuntimeClassName())
                .withImagePullSecrets(chosen.getImagePullSecrets())
                .withServiceAccountName(chosen.getServiceAccountName());
    }

    /** Ours win: a user's label must not take a Pod away from its owner. */
    private static Map<String, String> podLabels(JobTemplate template, Map<String, String> ours) {
        Map<String, String> labels = new TreeMap<>();
        labels.put("sidecar.istio.io/inject", "false");
        if (template != null && template.labels() != null) {
            labels.putAll(template.labels());
        }
        labels.putAll(ours);
        return labels;
    }

    /** A dump that a node's scale-down interrupts starts from the beginning. */
    private static Map<String, String> podAnnotations(DatabaseBackup backup, JobTemplate template) {
        Map<String, String> annotations = new TreeMap<>();
        annotations.put("cluster-autoscaler.kubernetes.io/safe-to-evict", "false");
        annotations.put("karpenter.sh/do-not-disrupt", "true");
        annotations.put("linkerd.io/inject", "disabled");
        if (template != null && template.annotations() != null) {
            annotations.putAll(template.annotations());
        }
        annotations.put(OWNER_NAME, backup.getMetadata().getName());
        return annotations;
    }

    private Container container(Task task, JobTemplate template) {
        List<VolumeMount> mounts = new ArrayList<>();
        mounts.add(
                new VolumeMountBuilder().withName("tmp").withMountPath("/tmp").build());
        secrets(task)
                .map(secret -> new VolumeMountBuilder()
                        .withName(secret.folder())
                        .withMountPath(Task.SECRETS_FOLDER + "/" + secret.folder())
                        .withReadOnly(true)
                        .build())
                .forEach(mounts::add);
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(image)
                .withImagePullPolicy(pullPolicy)
                .addNewEnv()
                .withName(Task.ENVIRONMENT_VARIABLE)
                .withValue(TaskJson.write(task))
                .endEnv()
                .withResources(
                        template == null || template.resources() == null ? defaultResources() : template.resources())
                .withTerminationMessagePath(Task.TERMINATION_MESSAGE_PATH)
                .withTerminationMessagePolicy("File")
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withRunAsNonRoot(true)
                .withCapabilities(new CapabilitiesBuilder().withDrop("ALL").build())
                .endSecurityContext()
                .withVolumeMounts(mounts)
                .build();
    }

    private static List<Volume> volumes(Task task) {
        List<Volume> volumes = new ArrayList<>();
        volumes.add(new VolumeBuilder()
                .withName("tmp")
                .withNewEmptyDir()
                .withMedium("Memory")
                .endEmptyDir()
                .build());
        secrets(task)
                .map(secret -> new VolumeBuilder()
                        .withName(secret.folder())
                        .withNewSecret()
                        .withSecretName(secret.name())
                        // The runner says what is missing; the kubelet would let the Pod wait without end.
                        .withOptional(true)
                        // The user is not always known, and nothing else runs in this Pod.
                        .withDefaultMode(0444)
                        .endSecret()
                        .build())
                .forEach(volumes::add);
        return volumes;
    }

    private static Stream<MountedSecret> secrets(Task task) {
        Stream<MountedSecret> database = task.database() == null
                ? Stream.empty()
                : Stream.of(task.database().credentials(), task.database().certificateAuthority());
        return Stream.concat(
                        database,
                        Stream.of(task.storage().credentials(), task.storage().certificateAuthority()))
                .filter(java.util.Objects::nonNull);
    }

    private static ResourceRequirements defaultResources() {
        return new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity("100m"))
                .addToRequests("memory", new Quantity("384Mi"))
                .addToLimits("memory", new Quantity("384Mi"))
                .build();
    }
}
