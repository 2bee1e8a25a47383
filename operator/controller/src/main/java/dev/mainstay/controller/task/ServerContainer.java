package dev.mainstay.controller.task;

import dev.mainstay.api.application.JobTemplate;
import dev.mainstay.core.task.RestoreOrder.PodServer;
import dev.mainstay.core.task.Task;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.List;

/**
 * The container of a server that lives as long as its Pod: it begins before the one with the task, and ends after it. It
 * mounts no Secret and is told no task, since what is restored runs there with a superuser's rights.
 *
 * @param image image of both containers of such a Pod
 * @param pullPolicy its pull policy
 */
record ServerContainer(String image, String pullPolicy) {

    /** The image's own user, for whom a volume that is made for the Pod must be writable. */
    private static final long USER = 65532;

    private static final String STORAGE = "ephemeral-storage";
    private static final String MEMORY = "1Gi";
    private static final String TMP = "postgresql-tmp";

    Container container(PodServer server, JobTemplate template) {
        return new ContainerBuilder()
                .withName(PodServer.VOLUME)
                .withRestartPolicy("Always")
                .withImage(image)
                .withImagePullPolicy(pullPolicy)
                .withArgs(PodServer.ARGUMENT)
                .withResources(resources(server, template))
                .withSecurityContext(RunnerPods.restricted())
                .withVolumeMounts(
                        mount(),
                        new VolumeMountBuilder()
                                .withName(TMP)
                                .withMountPath("/tmp")
                                .build())
                .build();
    }

    /** What the container with the task shares with it. */
    static VolumeMount mount() {
        return new VolumeMountBuilder()
                .withName(PodServer.VOLUME)
                .withMountPath(Task.SERVER_FOLDER)
                .build();
    }

    static List<Volume> volumes(PodServer server) {
        return List.of(data(server), RunnerPods.memory(TMP));
    }

    /** Everybody can write into an emptyDir. */
    static Long group(JobTemplate template, PodServer server) {
        if (server == null || server.storageClassName() == null) {
            return null;
        }
        return template == null || template.runAsUser() == null ? Long.valueOf(USER) : template.runAsUser();
    }

    private static Volume data(PodServer server) {
        VolumeBuilder volume = new VolumeBuilder().withName(PodServer.VOLUME);
        if (server.storageClassName() == null) {
            return volume.withNewEmptyDir()
                    .withSizeLimit(new Quantity(server.size()))
                    .endEmptyDir()
                    .build();
        }
        return volume.withNewEphemeral()
                .withNewVolumeClaimTemplate()
                .withNewMetadata()
                .addToLabels("app.kubernetes.io/managed-by", "mainstay")
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(server.storageClassName())
                .withNewResources()
                .addToRequests("storage", new Quantity(server.size()))
                .endResources()
                .endSpec()
                .endVolumeClaimTemplate()
                .endEphemeral()
                .build();
    }

    /** A node is chosen that has room for the data on its disk; what the user says of that stands. */
    private static ResourceRequirements resources(PodServer server, JobTemplate template) {
        ResourceRequirements resources = RunnerPods.resources(template, MEMORY);
        boolean said = resources.getRequests() != null
                        && resources.getRequests().containsKey(STORAGE)
                || resources.getLimits() != null && resources.getLimits().containsKey(STORAGE);
        return said || server.storageClassName() != null
                ? resources
                : new ResourceRequirementsBuilder(resources)
                        .addToRequests(STORAGE, new Quantity(server.size()))
                        .build();
    }
}
