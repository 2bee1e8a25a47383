package dev.mainstay.controller.task;

import dev.mainstay.api.application.JobTemplate;
import dev.mainstay.core.audit.NpmCommand;
import dev.mainstay.core.task.DependencyAuditWork;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.List;
import java.util.stream.Stream;

/**
 * The container that runs npm audit before the runner's container judges it. It has the application's image, and nothing else of
 * the application's Pods: no variables, no Secrets, no volumes, no ServiceAccount's token.
 */
final class NpmContainer {

    private static final String TMP = "npm-tmp";
    private static final String MEMORY = "512Mi";

    private NpmContainer() {}

    /**
     * A runner's Pod with that container.
     *
     * @param template what the user chose; null when there is nothing
     * @param proxies environment variables that name proxies
     */
    static PodTemplateSpec into(
            PodTemplateSpec pod, DependencyAuditWork work, JobTemplate template, List<EnvVar> proxies) {
        PodSpecBuilder spec = new PodSpecBuilder(pod.getSpec())
                .addToInitContainers(container(work, template, proxies))
                .addToVolumes(volume(NpmCommand.CONTAINER, "32Mi"), volume(TMP, "1Gi"))
                .withImagePullSecrets(Stream.concat(
                                pod.getSpec().getImagePullSecrets().stream(),
                                work.pullSecrets().stream().map(LocalObjectReference::new))
                        .distinct()
                        .toList())
                .editMatchingContainer(container -> RunnerPods.CONTAINER.equals(container.getName()))
                .addToVolumeMounts(new VolumeMountBuilder(mount(NpmCommand.CONTAINER, NpmCommand.FOLDER))
                        .withReadOnly(true)
                        .build())
                .endContainer();
        return new PodTemplateSpecBuilder(pod).withSpec(spec.build()).build();
    }

    private static Container container(DependencyAuditWork work, JobTemplate template, List<EnvVar> proxies) {
        List<String> line = NpmCommand.line(work);
        return new ContainerBuilder()
                .withName(NpmCommand.CONTAINER)
                .withImage(work.image())
                .withImagePullPolicy(work.pullPolicy())
                .withCommand(line)
                .addAllToEnv(NpmCommand.environment().entrySet().stream()
                        .map(variable -> new EnvVarBuilder()
                                .withName(variable.getKey())
                                .withValue(variable.getValue())
                                .build())
                        .toList())
                .addAllToEnv(proxies.stream().filter(NpmContainer::harmless).toList())
                .withResources(RunnerPods.resources(template, MEMORY))
                .withSecurityContext(RunnerPods.restricted())
                .editSecurityContext()
                .withRunAsUser(work.runAsUser())
                .endSecurityContext()
                .withVolumeMounts(mount(NpmCommand.CONTAINER, NpmCommand.FOLDER), mount(TMP, "/tmp"))
                .build();
    }

    /** A proxy's password is nothing for an image of the application. */
    private static boolean harmless(EnvVar proxy) {
        return proxy.getValue() == null || !proxy.getValue().contains("@");
    }

    private static VolumeMount mount(String volume, String path) {
        return new VolumeMountBuilder().withName(volume).withMountPath(path).build();
    }

    private static Volume volume(String name, String most) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .withSizeLimit(new Quantity(most))
                .endEmptyDir()
                .build();
    }
}
