package dev.mainstay.controller.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.controller.kube.KubernetesClients;
import dev.mainstay.core.task.RestoreOrder.PodServer;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.MountedSecret;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpec;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pods with a server beside the task; the others are those of BackupJobsTest. */
class RunnerPodsTest {

    private static final RunnerPods PODS =
            new RunnerPods("runner:1", "runner-postgres:1", "Never", Map.of("NO_PROXY", "x"));
    private static final MountedSecret SECRET = new MountedSecret("storage", "shop-s3", Map.of("a", "b"));

    private static PodSpec pod(String jobTemplate, String storageClass) {
        ManagedApplication application =
                KubernetesClients.serialization().unmarshal("""
                        apiVersion: mainstay.dev/v1alpha1
                        kind: ManagedApplication
                        metadata: {name: shop}
                        spec: {%s}
                        """.formatted(jobTemplate), ManagedApplication.class);
        return PODS.template(
                        application,
                        Map.of(),
                        Map.of(),
                        "{}",
                        List.of(SECRET),
                        120L,
                        new PodServer("20Gi", storageClass))
                .getSpec();
    }

    private static Volume data(PodSpec pod) {
        return pod.getVolumes().stream()
                .filter(volume -> volume.getName().equals("postgresql"))
                .findFirst()
                .orElseThrow();
    }

    private static Container server(PodSpec pod) {
        assertThat(pod.getInitContainers()).hasSize(1);
        return pod.getInitContainers().getFirst();
    }

    @Test
    void givenAServer_whenThePodIsMade_thenItsContainerHasNeitherSecretsNorTheTask() {
        PodSpec pod = pod("", null);
        Container server = server(pod);

        assertThat(server.getName()).isEqualTo("postgresql");
        assertThat(server.getRestartPolicy()).as("beside the other one").isEqualTo("Always");
        assertThat(server.getArgs()).containsExactly("--postgres");
        assertThat(server.getEnv()).isEmpty();
        assertThat(server.getVolumeMounts())
                .extracting(VolumeMount::getMountPath)
                .containsExactlyInAnyOrder(Task.SERVER_FOLDER, "/tmp");
        assertThat(server.getVolumeMounts())
                .as("a /tmp of its own")
                .extracting(VolumeMount::getName)
                .doesNotContain("tmp", "storage");
        assertThat(pod.getContainers().getFirst().getVolumeMounts())
                .extracting(VolumeMount::getMountPath)
                .contains(Task.SERVER_FOLDER, Task.SECRETS_FOLDER + "/storage");
    }

    @Test
    void givenAServer_whenThePodIsMade_thenBothContainersAreFitForARestrictedNamespace() {
        PodSpec pod = pod("", null);
        Container task = pod.getContainers().getFirst();

        assertThat(server(pod).getSecurityContext()).isEqualTo(task.getSecurityContext());
        assertThat(task.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(task.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(task.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(List.of(server(pod).getImage(), task.getImage())).containsOnly("runner-postgres:1");
        assertThat(server(pod).getImagePullPolicy()).isEqualTo("Never");
    }

    @Test
    void givenNoStorageClass_whenThePodIsMade_thenTheDataIsOnTheNodeWithinTheSize() {
        PodSpec pod = pod("", null);

        assertThat(data(pod).getEmptyDir().getSizeLimit()).hasToString("20Gi");
        assertThat(data(pod).getEmptyDir().getMedium()).isNull();
        assertThat(pod.getSecurityContext().getFsGroup()).isNull();
    }

    @Test
    void givenASecretOfOneKey_whenThePodIsMade_thenNothingElseOfItIsMounted() {
        List<Volume> volumes = PODS.template(
                        null,
                        Map.of(),
                        Map.of(),
                        "{}",
                        List.of(MountedSecret.ofKey("certificate-1", "shop-tls", "certificate", "tls.crt"), SECRET),
                        120L,
                        null)
                .getSpec()
                .getVolumes();

        assertThat(volumes.get(1).getSecret().getItems())
                .extracting(KeyToPath::getKey, KeyToPath::getPath)
                .containsExactly(tuple("tls.crt", "tls.crt"));
        assertThat(volumes.get(1).getSecret().getOptional()).isTrue();
        assertThat(volumes.get(2).getSecret().getItems())
                .as("all of it, so that a key of another name can be told")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', 65532", "'jobTemplate: {runAsUser: 1000}', 1000"})
    void givenAStorageClass_whenThePodIsMade_thenItsVolumeIsMadeForItAndWritable(String jobTemplate, long group) {
        PodSpec pod = pod(jobTemplate, "fast");

        PersistentVolumeClaimSpec claim =
                data(pod).getEphemeral().getVolumeClaimTemplate().getSpec();
        assertThat(claim.getStorageClassName()).isEqualTo("fast");
        assertThat(claim.getResources().getRequests().get("storage")).hasToString("20Gi");
        assertThat(pod.getSecurityContext().getFsGroup()).isEqualTo(group);
        assertThat(server(pod).getResources().getRequests()).doesNotContainKey("ephemeral-storage");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 384Mi | 1Gi | 20Gi",
                "'jobTemplate: {resources: {limits: {memory: 2Gi}}}' | 2Gi | 2Gi | 20Gi",
                "'jobTemplate: {resources: {limits: {memory: 2Gi}, requests: {ephemeral-storage: 5Gi}}}' | 2Gi | 2Gi | 5Gi"
            })
    void givenATemplate_whenThePodIsMade_thenBothHaveItsResourcesElseTheirOwn(
            String jobTemplate, String task, String server, String storage) {
        PodSpec pod = pod(jobTemplate, null);

        assertThat(pod.getContainers().getFirst().getResources().getLimits().get("memory"))
                .hasToString(task);
        assertThat(server(pod).getResources().getLimits().get("memory")).hasToString(server);
        assertThat(server(pod).getResources().getRequests().get("ephemeral-storage"))
                .hasToString(storage);
    }
}
