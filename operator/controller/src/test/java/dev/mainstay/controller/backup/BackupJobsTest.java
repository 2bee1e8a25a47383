package dev.mainstay.controller.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.controller.kube.KubernetesClients;
import dev.mainstay.controller.task.RunnerPods;
import dev.mainstay.core.Durations;
import dev.mainstay.core.backup.BackupDecider;
import dev.mainstay.core.backup.BackupDecision.MakeJob;
import dev.mainstay.core.backup.BackupObservation;
import dev.mainstay.core.backup.BackupObservation.ClaimObservation;
import dev.mainstay.core.backup.BackupObservation.Places;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.task.RestoreOrder;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each folder holds the objects that are given and the Job that is made; {@code -Dgolden.update=true} writes it. */
class BackupJobsTest {

    private static final Path CASES = Path.of("src/test/resources/jobs");
    private static final KubernetesSerialization YAML = KubernetesClients.serialization();
    private static final Instant NOW = Instant.parse("2026-03-29T01:00:10Z");

    static List<String> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givenObjects_whenTheJobIsMade_thenItIsTheOneOfTheFolder(String name) throws IOException {
        Path golden = CASES.resolve(name).resolve("job.yaml");
        String made = YAML.asYaml(job(name));
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(golden, made);
        }

        assertThat(tree(made))
                .as("%s; -Dgolden.update=true writes it", golden)
                .isEqualTo(tree(Files.readString(golden)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givenAnyJob_whenItIsMade_thenItIsFitForARestrictedNamespace(String name) throws IOException {
        PodSpec pod = job(name).getSpec().getTemplate().getSpec();
        Container container = pod.getContainers().getFirst();

        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser())
                .as("the image's user, unless the application names one")
                .isEqualTo(name.equals("job-template") ? 1000L : null);
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getHostNetwork()).isNull();
        assertThat(pod.getContainers()).hasSize(1);
        assertThat(pod.getInitContainers()).isEmpty();
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getPrivileged()).isNull();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getSecurityContext().getCapabilities().getAdd()).isEmpty();
        assertThat(pod.getVolumes()).allMatch(volume -> volume.getSecret() != null || volume.getEmptyDir() != null);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givenAnyJob_whenItIsMade_thenItRunsOnceAndEndsByItself(String name) throws IOException {
        Job job = job(name);
        Task task = task(job);

        assertThat(job.getSpec().getBackoffLimit()).isZero();
        assertThat(job.getSpec().getPodReplacementPolicy()).isEqualTo("Failed");
        assertThat(job.getSpec().getTemplate().getSpec().getRestartPolicy()).isEqualTo("Never");
        assertThat(job.getSpec().getActiveDeadlineSeconds())
                .as("timeout, pendingTimeout and 2 minutes")
                .isEqualTo(task.timeoutSeconds() + task.startBy().getEpochSecond() - NOW.getEpochSecond() + 120);
        assertThat(job.getMetadata().getAnnotations())
                .containsEntry(BackupJobs.START_BY, task.startBy().toString());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givenAnyJob_whenItIsMade_thenSecretsAreMountedAndNeverRead(String name) throws IOException {
        Job job = job(name);
        PodSpec pod = job.getSpec().getTemplate().getSpec();
        Container container = pod.getContainers().getFirst();
        List<Volume> secrets = pod.getVolumes().stream()
                .filter(volume -> volume.getSecret() != null)
                .toList();

        assertThat(container.getEnv())
                .as("the task is the one variable, and it holds no value of a Secret")
                .singleElement()
                .satisfies(variable -> {
                    assertThat(variable.getName()).isEqualTo(Task.ENVIRONMENT_VARIABLE);
                    assertThat(variable.getValueFrom()).isNull();
                });
        assertThat(container.getEnvFrom()).isEmpty();
        assertThat(secrets)
                .isNotEmpty()
                .allSatisfy(
                        volume -> assertThat(volume.getSecret().getOptional()).isTrue());
        assertThat(container.getVolumeMounts())
                .filteredOn(mount -> mount.getMountPath().startsWith(Task.SECRETS_FOLDER))
                .hasSameSizeAs(secrets)
                .allSatisfy(mount -> assertThat(mount.getReadOnly()).isTrue());
    }

    @Test
    void givenASettling_whenItsJobIsMade_thenTheDatabasesSecretsAreNotInIt() throws IOException {
        assertThat(YAML.asYaml(job("settle"))).doesNotContain("db-reader");
    }

    @Test
    void givenLabelsOfUsersThatAreOurs_whenTheJobIsMade_thenOursWin() throws IOException {
        Job job = job("job-template");
        PodTemplateSpec pod = job.getSpec().getTemplate();

        assertThat(pod.getMetadata().getLabels())
                .containsAllEntriesOf(job.getMetadata().getLabels())
                .containsEntry(Annotations.OWNER_UID, "b1c2d3e4-0000-4000-8000-000000000001")
                .containsEntry(Annotations.TASK, "backup")
                .containsEntry(Annotations.ATTEMPT, "1")
                .containsEntry(Annotations.POLICY, "nightly")
                .containsEntry("app.kubernetes.io/managed-by", "mainstay")
                .containsEntry("team", "shop");
        assertThat(pod.getMetadata().getAnnotations())
                .containsEntry(BackupJobs.OWNER_NAME, "first")
                .containsEntry("team", "shop");
        assertThat(job.getMetadata().getLabels()).doesNotContainKey("team");
    }

    /** A server that is away for a night must not leave a day's Jobs behind. */
    @ParameterizedTest
    @CsvSource({
        "BACKUP, 1, 86400",
        "SETTLE, 9, 86400",
        "PREFLIGHT, 1, 3600",
        "RESTORE_COPY, 3, 86400",
        "RESTORE_COPY, 4, 3600",
        "RESTORE_SETTLE, 1, 3600"
    })
    void givenATask_whenItsJobHasEnded_thenItStaysForLessTheMoreFollow(TaskKind kind, int attempt, int seconds) {
        assertThat(BackupJobs.keptSeconds(kind, attempt)).isEqualTo(seconds);
    }

    @ParameterizedTest
    @CsvSource({", 86400", "fast, 3600"})
    void givenATestWithAServerOfItsOwn_whenItsJobHasEnded_thenAVolumeThatCostsStaysForLess(String storage, int seconds)
            throws IOException {
        Task task = task(job("plain"));
        RestoreOrder order = new RestoreOrder(
                "nightly",
                "mark",
                "copy",
                false,
                null,
                true,
                Map.of(),
                1,
                List.of(),
                null,
                true,
                false,
                false,
                new RestoreOrder.Test(null, false, new RestoreOrder.PodServer("1Gi", storage)));

        assertThat(BackupJobs.keptSeconds(new Task(
                        1,
                        TaskKind.RESTORE_TEST,
                        task.origin(),
                        1,
                        "a/",
                        "a/",
                        null,
                        null,
                        null,
                        null,
                        task.startBy(),
                        1,
                        null,
                        order)))
                .isEqualTo(seconds);
    }

    @Test
    void givenLongNames_whenTheJobIsMade_thenNameAndLabelsFitAndTheAnnotationHoldsTheWholeName() throws IOException {
        Job job = job("long-names");

        assertThat(job.getMetadata().getName()).hasSize(63);
        assertThat(job.getMetadata().getLabels().values())
                .allSatisfy(label -> assertThat(label)
                        .hasSizeLessThanOrEqualTo(63)
                        .matches("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?"));
        assertThat(job.getMetadata().getAnnotations().get(BackupJobs.OWNER_NAME))
                .hasSize(253)
                .isEqualTo(job.getMetadata().getOwnerReferences().getFirst().getName());
    }

    @Test
    void givenASpecOfTheApplicationThatCantBeRead_whenASettlingIsMade_thenItHasWhatEveryJobHas() throws IOException {
        Given given = given("settle");
        MakeJob decision = decision(given);

        assertThat(new BackupJobs(new RunnerPods("runner:1", "runner-postgres:1", "Never", Map.of()))
                        .job(given.backup(), null, decision, Durations.parse("10m"))
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getSecurityContext()
                        .getRunAsNonRoot())
                .isTrue();
    }

    /** What a folder holds. */
    private record Given(ManagedApplication application, BackupPolicy policy, DatabaseBackup backup) {}

    private static Given given(String name) throws IOException {
        String[] documents =
                Files.readString(CASES.resolve(name).resolve("given.yaml")).split("(?m)^---$");
        assertThat(documents).hasSize(3);
        Given given = new Given(
                YAML.unmarshal(documents[0], ManagedApplication.class),
                YAML.unmarshal(documents[1], BackupPolicy.class),
                YAML.unmarshal(documents[2], DatabaseBackup.class));
        assertThat(Set.of(given.application(), given.policy(), given.backup()))
                .allMatch(object -> object.unreadableSpec().isEmpty()
                        && object.unreadableStatus().isEmpty());
        return given;
    }

    private static MakeJob decision(Given given) {
        BackupObservation observation = new BackupObservation(
                given.backup(),
                given.policy(),
                given.application(),
                ServiceAccountObservation.ALLOWED,
                "0b5e5d0c-cluster",
                Map.of(),
                new Places(0, 20, 0, 5, 0, 5, 0),
                List.of(),
                ClaimObservation.NONE,
                null);
        return (MakeJob) BackupDecider.decide(observation, NOW);
    }

    private static Job job(String name) throws IOException {
        Given given = given(name);
        return new BackupJobs(new RunnerPods(
                        "registry.example.org/mainstay-runner:0.1.0",
                        "registry.example.org/mainstay-runner-postgres:0.1.0",
                        "IfNotPresent",
                        Map.of()))
                .job(
                        given.backup(),
                        given.application(),
                        decision(given),
                        Durations.parse(given.policy().getSpec().pendingTimeout()));
    }

    private static Task task(Job job) {
        return TaskJson.readTask(job.getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getEnv()
                .getFirst()
                .getValue());
    }

    private static Object tree(String yaml) {
        return YAML.unmarshal(yaml, Object.class);
    }
}
