package dev.mainstay.controller.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.controller.kube.JobClient;
import dev.mainstay.controller.kube.KubernetesClients;
import dev.mainstay.controller.kube.LocalApi;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.task.RunnerPods;
import dev.mainstay.core.backup.PolicyObservation;
import dev.mainstay.core.backup.RestoreTestDecision;
import dev.mainstay.core.backup.RestoreTestDecision.Make;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a policy's pass when the API server does not do what a restore test asks of it. */
class RestoreTestsTest {

    private static final Path GIVEN = Path.of("src/test/resources/jobs/plain");
    private static final KubernetesSerialization YAML = KubernetesClients.serialization();
    private static final Instant NOW = Instant.parse("2026-03-29T01:00:10Z");

    private static final String STATUS = """
            status:
              restoreTest:
                lastPassed: {backup: %s, location: "s3://b/first/", at: "2026-03-29T00:30:00Z", rows: 1}
            """;

    private static final String SUCCEEDED = """
            status: {phase: Succeeded, location: "s3://b/first/"}
            """;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private int code;

    @AutoClose
    private final LocalApi api = new LocalApi(exchange -> {
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
        exchange.sendResponseHeaders(code, -1);
        exchange.close();
    });

    @ParameterizedTest
    @ValueSource(ints = {401, 409, 429, 500, 503})
    void givenAServerThatFails_whenATestsJobIsMadeAndABackupIsNoted_thenBothAreTriedAgainAndThePassGoesOn(int code)
            throws IOException {
        this.code = code;
        String[] given = Files.readString(GIVEN.resolve("given.yaml")).split("(?m)^---$");
        BackupPolicy policy = YAML.unmarshal(given[1], BackupPolicy.class);
        DatabaseBackup backup = YAML.unmarshal(given[2], DatabaseBackup.class);
        backup.setStatus(YAML.unmarshal(SUCCEEDED, DatabaseBackup.class).getStatus());
        policy.setStatus(YAML.unmarshal(STATUS.formatted(backup.getMetadata().getName()), BackupPolicy.class)
                .getStatus());
        Make make = new Make("nightly-restore-test-1", task(), NOW.plusSeconds(600));
        RestoreTestDecision decision = new RestoreTestDecision(null, null, null, make, null, null);

        RestoreTests.Step step = tests().act(
                        new PolicyObservation(
                                policy, YAML.unmarshal(given[0], ManagedApplication.class), List.of(backup)),
                        decision,
                        NOW);

        assertThat(step).isEqualTo(new RestoreTests.Step(decision, NOW.plusSeconds(30)));
        assertThat(asked)
                .anyMatch(request -> request.startsWith("POST") && request.endsWith("/jobs"))
                .as("the client looks up where a status is written first")
                .anyMatch(request -> request.contains("/apis/mainstay.dev/"));
    }

    private RestoreTests tests() {
        JobClient jobs = new JobClient(api.client());
        JobPlaces places = new JobPlaces(
                new JobPlaces.Jobs() {
                    @Override
                    public boolean has(String namespace, String job) {
                        return false;
                    }

                    @Override
                    public List<Job> unfinished() {
                        return List.of();
                    }
                },
                20,
                5,
                5,
                Clock.fixed(NOW, ZoneOffset.UTC));
        return new RestoreTests(
                null,
                null,
                jobs,
                places,
                new BackupJobs(new RunnerPods("runner", "runner-postgres", "IfNotPresent", Map.of())),
                new StatusWriter(api.client()),
                null,
                "0b5e5d0c-cluster");
    }

    private static Task task() throws IOException {
        return TaskJson.readTask(YAML.unmarshal(Files.readString(GIVEN.resolve("job.yaml")), Job.class)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getEnv()
                .getFirst()
                .getValue());
    }
}
