package dev.mainstay.controller.task;

import dev.mainstay.api.application.JobTemplate;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.core.task.DependencyAuditWork;
import dev.mainstay.core.task.RestoreOrder.PodServer;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.MountedSecret;
import io.fabric8.kubernetes.api.model.CapabilitiesBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The Pods in which tasks run. Users choose a few fields of them and never their power. */
public final class RunnerPods {

    /** Name of the container that carries the task out. */
    public static final String CONTAINER = "runner";

    private final String image;
    private final ServerContainer servers;
    private final String pullPolicy;
    private final List<EnvVar> proxies;

    /**
     * Creates the maker.
     *
     * @param image image of the runner
     * @param serverImage the same with PostgreSQL's server
     * @param pullPolicy their pull policy
     * @param proxies environment variables that name proxies, by name
     */
    public RunnerPods(String image, String serverImage, String pullPolicy, Map<String, String> proxies) {
        this.image = image;
        this.servers = new ServerContainer(serverImage, pullPolicy);
        this.pullPolicy = pullPolicy;
        this.proxies = proxies.entrySet().stream()
                .map(proxy -> new EnvVarBuilder()
                        .withName(proxy.getKey())
                        .withValue(proxy.getValue())
                        .build())
                .toList();
    }

    /**
     * The template of a Job's Pod.
     *
     * @param application what the user chose is in its job template; null when there is none
     * @param labels of the Pod; they win over the user's
     * @param annotations of the Pod; they win over the user's
     * @param task the task, as the runner reads it
     * @param secrets what the task reads, which is mounted and nothing else
     * @param graceSeconds how long it has to end once that is asked of it
     * @param server the server that the task starts; null when it starts none
     */
    public PodTemplateSpec template(
            ManagedApplication application,
            Map<String, String> labels,
            Map<String, String> annotations,
            String task,
            List<MountedSecret> secrets,
            long graceSeconds,
            PodServer server) {
        JobTemplate template = application == null || application.getSpec() == null
                ? null
                : application.getSpec().jobTemplate();
        PodSpecBuilder spec = new PodSpecBuilder()
                .withRestartPolicy("Never")
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(graceSeconds)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                // Left out, the image's own user runs it, or on OpenShift the one that the namespace's range has for
                // it.
                .withRunAsUser(template == null ? null : template.runAsUser())
                .withFsGroup(ServerContainer.group(template, server))
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withInitContainers(server == null ? List.of() : List.of(servers.container(server, template)))
                .withContainers(container(task, secrets, template, server))
                .withVolumes(volumes(secrets, server));
        if (template != null) {
            chosen(spec, template);
        }
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(podLabels(template, labels))
                .withAnnotations(podAnnotations(template, annotations))
                .endMetadata()
                .withSpec(spec.build())
                .build();
    }

    /** The same with npm audit before it. */
    public PodTemplateSpec withNpm(PodTemplateSpec pod, ManagedApplication application, DependencyAuditWork work) {
        return NpmContainer.into(pod, work, application.getSpec().jobTemplate(), proxies);
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
    private static Map<String, String> podAnnotations(JobTemplate template, Map<String, String> ours) {
        Map<String, String> annotations = new TreeMap<>();
        annotations.put("cluster-autoscaler.kubernetes.io/safe-to-evict", "false");
        annotations.put("karpenter.sh/do-not-disrupt", "true");
        annotations.put("linkerd.io/inject", "disabled");
        if (template != null && template.annotations() != null) {
            annotations.putAll(template.annotations());
        }
        annotations.putAll(ours);
        return annotations;
    }

    private Container container(String task, List<MountedSecret> secrets, JobTemplate template, PodServer server) {
        List<VolumeMount> mounts = new ArrayList<>();
        mounts.add(
                new VolumeMountBuilder().withName("tmp").withMountPath("/tmp").build());
        secrets.stream()
                .map(secret -> new VolumeMountBuilder()
                        .withName(secret.folder())
                        .withMountPath(Task.SECRETS_FOLDER + "/" + secret.folder())
                        .withReadOnly(true)
                        .build())
                .forEach(mounts::add);
        if (server != null) {
            mounts.add(ServerContainer.mount());
        }
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(server == null ? image : servers.image())
                .withImagePullPolicy(pullPolicy)
                .addNewEnv()
                .withName(Task.ENVIRONMENT_VARIABLE)
                .withValue(task)
                .endEnv()
                .addAllToEnv(proxies)
                .withResources(resources(template, "384Mi"))
                .withTerminationMessagePath(Task.TERMINATION_MESSAGE_PATH)
                .withTerminationMessagePolicy("File")
                .withSecurityContext(restricted())
                .withVolumeMounts(mounts)
                .build();
    }

    static SecurityContext restricted() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withRunAsNonRoot(true)
                .withCapabilities(new CapabilitiesBuilder().withDrop("ALL").build())
                .build();
    }

    private static List<Volume> volumes(List<MountedSecret> secrets, PodServer server) {
        List<Volume> volumes = new ArrayList<>();
        volumes.add(memory("tmp"));
        secrets.stream()
                .map(secret -> new VolumeBuilder()
                        .withName(secret.folder())
                        .withNewSecret()
                        .withSecretName(secret.name())
                        .withItems(items(secret))
                        // The runner says what is missing; the kubelet would let the Pod wait without end.
                        .withOptional(true)
                        // The user is not always known, and nothing else runs in this Pod.
                        .withDefaultMode(0444)
                        .endSecret()
                        .build())
                .forEach(volumes::add);
        if (server != null) {
            volumes.addAll(ServerContainer.volumes(server));
        }
        return volumes;
    }

    /** What is mounted of it; all keys where none are listed. */
    private static List<KeyToPath> items(MountedSecret secret) {
        return Boolean.TRUE.equals(secret.onlyKeys())
                ? secret.keys().values().stream()
                        .sorted()
                        .map(key -> new KeyToPathBuilder()
                                .withKey(key)
                                .withPath(key)
                                .build())
                        .toList()
                : List.of();
    }

    static Volume memory(String name) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .withMedium("Memory")
                .endEmptyDir()
                .build();
    }

    /** The user's, else as much memory as is enough for most. */
    static ResourceRequirements resources(JobTemplate template, String memory) {
        return template == null || template.resources() == null ? defaultResources(memory) : template.resources();
    }

    private static ResourceRequirements defaultResources(String memory) {
        return new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity("100m"))
                .addToRequests("memory", new Quantity(memory))
                .addToLimits("memory", new Quantity(memory))
                .build();
    }
}
