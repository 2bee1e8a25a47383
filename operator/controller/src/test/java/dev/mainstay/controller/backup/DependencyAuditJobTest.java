package dev.mainstay.controller.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.DependencyAuditStep;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.controller.kube.KubernetesClients;
import dev.mainstay.controller.task.RunnerPods;
import dev.mainstay.core.audit.NpmCommand;
import dev.mainstay.core.task.DependencyAuditWork;
import dev.mainstay.core.task.StepOrder;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.Task.Origin;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Pod of a dependencyAudit: npm in the application's image first, with nothing of the application's, then the runner. */
class DependencyAuditJobTest {

    private static final DependencyAuditStep STEP = new DependencyAuditStep(null, null, null, null, null, null);

    private static PodSpec pod(String jobTemplate, Map<String, String> proxies, Long user) {
        RunnerPods pods = new RunnerPods("runner:1", "runner-postgres:1", "Never", proxies);
        ManagedApplication application =
                KubernetesClients.serialization().unmarshal("""
                        apiVersion: mainstay.dev/v1alpha1
                        kind: ManagedApplication
                        metadata: {name: shop}
                        spec: {%s}
                        """.formatted(jobTemplate), ManagedApplication.class);
        MaintenanceRun run = KubernetesClients.serialization().unmarshal("""
                        apiVersion: mainstay.dev/v1alpha1
                        kind: MaintenanceRun
                        metadata: {name: weekly, namespace: shop, uid: uid-run}
                        """, MaintenanceRun.class);
        DependencyAuditWork work = new DependencyAuditWork(
                "Deployment web", "shop:1.4.2", "Always", List.of("registry", "mine"), user, "/app; id", STEP);
        Task task = Task.of(
                new Origin("cluster", "shop", "shop", null, null, null, null, MadeBy.OPERATION, null, null),
                1,
                Instant.parse("2026-11-27T12:00:00Z"),
                900,
                new StepOrder("weekly", "look", work));
        return new BackupJobs(pods)
                .step(run, application, "weekly-look", task, Duration.ofMinutes(10))
                .getSpec()
                .getTemplate()
                .getSpec();
    }

    private static Container npm(PodSpec pod) {
        assertThat(pod.getInitContainers()).hasSize(1);
        return pod.getInitContainers().getFirst();
    }

    private static Container runner(PodSpec pod) {
        assertThat(pod.getContainers()).hasSize(1);
        return pod.getContainers().getFirst();
    }

    @Test
    void givenAnAudit_whenItsPodIsMade_thenNpmRunsInTheImageBeforeTheRunner() {
        PodSpec pod = pod("", Map.of(), 1000L);

        assertThat(npm(pod).getName()).isEqualTo("npm");
        assertThat(npm(pod).getImage()).isEqualTo("shop:1.4.2");
        assertThat(npm(pod).getImagePullPolicy()).isEqualTo("Always");
        assertThat(npm(pod).getRestartPolicy())
                .as("it ends before the runner begins")
                .isNull();
        assertThat(npm(pod).getCommand())
                .as("what the Runbook says is one argument")
                .endsWith("npm-audit", "/app; id", "--include=dev");
        assertThat(npm(pod).getArgs()).isEmpty();
        assertThat(npm(pod).getResources().getLimits().get("memory")).hasToString("512Mi");
        assertThat(runner(pod).getImage()).isEqualTo("runner:1");
    }

    @Test
    void givenAnAudit_whenItsPodIsMade_thenNothingOfTheApplicationReachesNpm() {
        PodSpec pod = pod("", Map.of(), 1000L);

        assertThat(npm(pod).getEnvFrom()).isEmpty();
        assertThat(npm(pod).getEnv())
                .extracting(EnvVar::getName)
                .containsExactlyElementsOf(NpmCommand.environment().keySet())
                .doesNotContain(Task.ENVIRONMENT_VARIABLE);
        assertThat(npm(pod).getEnv()).extracting(EnvVar::getValueFrom).containsOnlyNulls();
        assertThat(npm(pod).getVolumeMounts())
                .extracting(VolumeMount::getMountPath)
                .containsExactly(NpmCommand.FOLDER, "/tmp");
        assertThat(npm(pod).getVolumeMounts())
                .as("a /tmp of its own")
                .extracting(VolumeMount::getName)
                .doesNotContain("tmp");
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getVolumes())
                .allSatisfy(volume -> assertThat(volume.getEmptyDir()).isNotNull());
        assertThat(pod.getVolumes())
                .filteredOn(volume -> volume.getName().startsWith("npm"))
                .extracting(
                        Volume::getName,
                        volume -> volume.getEmptyDir().getSizeLimit().toString())
                .containsExactly(tuple("npm", "32Mi"), tuple("npm-tmp", "1Gi"));
    }

    @Test
    void givenAnAudit_whenItsPodIsMade_thenTheRunnerCanOnlyReadWhatNpmLeft() {
        PodSpec pod = pod("", Map.of(), 1000L);

        assertThat(runner(pod).getVolumeMounts())
                .filteredOn(mount -> mount.getName().equals("npm"))
                .singleElement()
                .satisfies(mount -> {
                    assertThat(mount.getMountPath()).isEqualTo(NpmCommand.FOLDER);
                    assertThat(mount.getReadOnly()).isTrue();
                });
    }

    @ParameterizedTest
    @CsvSource({"1000", ","})
    void givenAnAudit_whenItsPodIsMade_thenItIsFitForARestrictedNamespace(Long user) {
        PodSpec pod = pod("", Map.of(), user);

        assertThat(npm(pod).getSecurityContext().getRunAsUser()).isEqualTo(user);
        assertThat(npm(pod).getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(npm(pod).getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(npm(pod).getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(npm(pod).getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(runner(pod).getSecurityContext().getRunAsUser()).isNull();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    }

    @Test
    void givenPullSecretsOfBoth_whenThePodIsMade_thenItHasEachOnce() {
        assertThat(pod("jobTemplate: {imagePullSecrets: [{name: mine}]}", Map.of(), null)
                        .getImagePullSecrets())
                .extracting(LocalObjectReference::getName)
                .containsExactly("mine", "registry");
    }

    /** The image is one that others make. */
    @Test
    void givenProxies_whenThePodIsMade_thenNpmGetsThoseWithoutAPassword() {
        PodSpec pod = pod(
                "",
                Map.of(
                        "HTTPS_PROXY",
                        "http://proxy.example.org:3128",
                        "HTTP_PROXY",
                        "http://robot:geheim@proxy.example.org:3128"),
                null);

        assertThat(npm(pod).getEnv())
                .extracting(EnvVar::getName)
                .contains("HTTPS_PROXY")
                .doesNotContain("HTTP_PROXY");
        assertThat(runner(pod).getEnv()).extracting(EnvVar::getName).contains("HTTPS_PROXY", "HTTP_PROXY");
    }
}
