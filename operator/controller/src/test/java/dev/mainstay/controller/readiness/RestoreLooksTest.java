package dev.mainstay.controller.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.controller.backup.BackupJobs;
import dev.mainstay.controller.backup.JobPlaces;
import dev.mainstay.controller.kube.JobClient;
import dev.mainstay.controller.kube.KubernetesClients;
import dev.mainstay.controller.kube.LocalApi;
import dev.mainstay.controller.task.RunnerPods;
import dev.mainstay.core.application.RestoreReady;
import dev.mainstay.core.readiness.ReadinessDecision;
import dev.mainstay.core.readiness.ReadinessDecision.Make;
import dev.mainstay.core.status.Reason;
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
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an application's pass when the API server does not make the Job that is to look. */
class RestoreLooksTest {

    private static final Path GIVEN = Path.of("src/test/resources/jobs/plain");
    private static final KubernetesSerialization YAML = KubernetesClients.serialization();
    private static final Instant NOW = Instant.parse("2026-03-29T01:00:10Z");

    private int code;

    @AutoClose
    private final LocalApi api = new LocalApi(exchange -> {
        exchange.sendResponseHeaders(code, -1);
        exchange.close();
    });

    @ParameterizedTest
    @ValueSource(ints = {401, 409, 429, 500, 503})
    void givenAServerThatFails_whenTheJobIsMade_thenItIsToldAndThePassGoesOn(int code) throws IOException {
        this.code = code;
        JobPlaces places = new JobPlaces(null, 20, 5, 5, Clock.fixed(NOW, ZoneOffset.UTC));
        BackupJobs jobs = new BackupJobs(new RunnerPods("runner", "runner-postgres", "IfNotPresent", Map.of()));
        RestoreLooks looks = new RestoreLooks(null, new JobClient(api.client()), null, places, jobs, null, "cluster");
        Job job = YAML.unmarshal(Files.readString(GIVEN.resolve("job.yaml")), Job.class);
        Make make = new Make(
                "shop-ready-1",
                TaskJson.readTask(job.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getEnv()
                        .getFirst()
                        .getValue()),
                NOW.plusSeconds(600));

        ReadinessDecision told = looks.make(
                YAML.unmarshal(
                        Files.readString(GIVEN.resolve("given.yaml")).split("(?m)^---$")[0], ManagedApplication.class),
                new ReadinessDecision(
                        new RestoreReady(List.of(), null, Reason.IN_PROGRESS, "It is looked."),
                        make,
                        null,
                        NOW.plusSeconds(30)));

        assertThat(told.ready().message())
                .startsWith("It is looked. Job shop-ready-1 can't be made, which is tried again: ");
        assertThat(told.lookAgain()).isEqualTo(NOW.plusSeconds(30));
    }
}
