package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.task.StepOrder;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.StepWork;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.DatabaseTarget;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.core.task.Task.Origin;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.Runner;
import dev.mainstay.runner.task.Results;
import dev.mainstay.runner.task.RunnerSettings;
import dev.mainstay.runner.task.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** An attempt of a step of a run, as its Job does it. */
final class StepAttempt {

    private final Path folder;
    final StopSignal stop = new StopSignal();
    Instant startBy = Instant.now().plusSeconds(600);
    long timeoutSeconds = 120;

    StepAttempt(Path folder) {
        this.folder = folder;
    }

    /** Writes a key of a mounted Secret. */
    StepAttempt secret(String secret, String key, String value) {
        try {
            Files.createDirectories(folder.resolve(secret));
            Files.writeString(folder.resolve(secret).resolve(key), value);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A database that a role opens, whose password is its name. */
    DatabaseTarget database(PostgresServer server, String database, String role) {
        secret("db", "username", role).secret("db", "password", role);
        return new DatabaseTarget(
                "127.0.0.1",
                server.port(),
                database,
                "postgres",
                "prefer",
                new MountedSecret("db", "shop-db", Map.of("username", "username", "password", "password")),
                null,
                null);
    }

    /** What the operator reads of it. */
    TaskResult run(StepWork work) {
        Task task = Task.of(
                new Origin("cluster-1", "shop", "shop", null, null, null, null, MadeBy.OPERATION, null, null),
                1,
                startBy,
                timeoutSeconds,
                new StepOrder("tuesday", "look", work));
        RunnerSettings settings = new RunnerSettings(
                folder,
                folder.resolve("termination-log"),
                Programs.postgres().getParent().getParent(),
                Path.of("/nowhere"),
                1,
                1,
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                1);
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        TaskResult result = new Runner(settings, Clock.systemUTC(), out)
                .run(TaskJson.readTask(TaskJson.write(task)), Instant.now(), stop);
        return TaskJson.readResult(new String(Results.bounded(result), StandardCharsets.UTF_8))
                .orElseThrow();
    }

    /** What it came to; it must have come to its end. */
    StepReport report(StepWork work) {
        TaskResult result = run(work);
        assertThat(result.step()).as("%s", result).isNotNull();
        return result.step();
    }
}
