package dev.mainstay.runner.process;

import dev.mainstay.api.runbook.CacheReviewStep;
import dev.mainstay.core.task.CacheClearWork;
import dev.mainstay.core.task.CacheReviewWork;
import dev.mainstay.core.task.CacheTarget;
import dev.mainstay.core.task.StepOrder;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.StepWork;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.core.task.Task.Origin;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.Runner;
import dev.mainstay.runner.RunnerMain;
import dev.mainstay.runner.task.RunnerSettings;
import dev.mainstay.runner.task.StopSignal;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A step that works on a cache as a test sets it up: everything right, until the test makes something wrong. */
final class CacheStep {

    private final Path folder;
    final StopSignal stop = new StopSignal();
    String host = "127.0.0.1";
    int port;
    int database;
    boolean tls;
    String keyPrefix;
    boolean authority;
    long timeoutSeconds = 120;
    private String user;
    private boolean credentials;

    /** In a temporary folder of the test. */
    CacheStep(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** With a password, and a user unless it is null. */
    CacheStep with(String name, String password) {
        user = name;
        credentials = true;
        if (name != null) {
            secret("cache", "user", name);
        }
        return secret("cache", "password", password);
    }

    /** With an authority that its certificate is to be signed by. */
    CacheStep trusting(String certificate) {
        authority = true;
        return secret("cache-ca", "ca.crt", certificate);
    }

    private CacheStep secret(String secret, String key, String value) {
        try {
            Files.createDirectories(folder.resolve("secrets").resolve(secret));
            Files.writeString(folder.resolve("secrets").resolve(secret).resolve(key), value);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    StepReport review(CacheReviewStep step) {
        return report(new CacheReviewWork(target(), step));
    }

    StepReport clear(String... prefixes) {
        return report(new CacheClearWork(target(), List.of(prefixes), false));
    }

    StepReport count(String... prefixes) {
        return report(new CacheClearWork(target(), List.of(prefixes), true));
    }

    /** What the step comes to, as the operator reads it: without a report it is why it could not do its work. */
    StepReport report(StepWork work) {
        TaskResult result = run(work);
        return result.step() == null
                ? new StepReport(null, result.reason(), result.message(), Map.of())
                : result.step();
    }

    private CacheTarget target() {
        Map<String, String> keys = new TreeMap<>(Map.of("password", "password"));
        if (user != null) {
            keys.put("username", "user");
        }
        return new CacheTarget(
                "main",
                host,
                port,
                tls,
                database,
                keyPrefix,
                credentials ? new MountedSecret("cache", "redis-user", keys) : null,
                authority ? new MountedSecret("cache-ca", "redis-ca", Map.of("ca", "ca.crt")) : null);
    }

    /** The program as it runs in a Pod: a process of its own, with the modules of its image and logs at their finest level. */
    Process pod(Path message, Path log, String... prefixes) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--limit-modules",
                        modules(),
                        "-XX:-UsePerfData",
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                        "-Dmainstay.secrets=" + folder.resolve("secrets"),
                        "-Dmainstay.terminationMessage=" + message,
                        "-cp",
                        System.getProperty("java.class.path"),
                        RunnerMain.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .put(
                        Task.ENVIRONMENT_VARIABLE,
                        TaskJson.write(task(new CacheClearWork(target(), List.of(prefixes), false))));
        Process process = builder.start();
        Programs.endAtExit(process);
        return process;
    }

    /** What jlink is told in the image's Dockerfile. */
    private static String modules() throws IOException {
        return Files.readAllLines(Path.of(System.getProperty("repositoryRoot"), "deploy/images/runner/Dockerfile"))
                .stream()
                .filter(line -> line.startsWith("java.base,"))
                .map(line -> line.replace(" \\", ""))
                .findFirst()
                .orElseThrow();
    }

    private TaskResult run(StepWork work) {
        RunnerSettings settings = new RunnerSettings(
                folder.resolve("secrets"),
                folder.resolve("termination-log"),
                Path.of("/nowhere"),
                Path.of("/nowhere"),
                Attempt.PART_BYTES,
                1,
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                1);
        return new Runner(settings, Clock.systemUTC(), new PrintStream(PrintStream.nullOutputStream()))
                .run(task(work), Instant.now(), stop);
    }

    private Task task(StepWork work) {
        return Task.of(
                new Origin("cluster-1", "shop", "shop", null, null, null, null, MadeBy.OPERATION, null, null),
                1,
                Instant.now().plusSeconds(600),
                timeoutSeconds,
                new StepOrder("tuesday", "cache", work));
    }
}
