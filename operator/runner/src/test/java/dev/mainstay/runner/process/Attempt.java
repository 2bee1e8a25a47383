package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.DatabaseTarget;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.core.task.Task.Origin;
import dev.mainstay.core.task.Task.StorageTarget;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.Runner;
import dev.mainstay.runner.RunnerMain;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** One attempt of a backup as a test sets it up: everything right, until the test makes something wrong. */
final class Attempt {

    static final int PART_BYTES = 5 * 1024 * 1024;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Path folder;
    private final int number;
    final String policyPath;
    final String path;
    final StopSignal stop = new StopSignal();
    final ByteArrayOutputStream progress = new ByteArrayOutputStream();

    String host = "127.0.0.1";
    int port = Peers.postgres().port();
    String database = Peers.SHOP;
    String bucket = StoreServer.BUCKET;
    String endpoint = Peers.store().endpoint();
    boolean checksumsWhenRequiredOnly = true;
    String adopt;
    String clusterId = "cluster-1";
    VerificationLevel verification = VerificationLevel.FULL_READ;
    long lockWaitTimeoutSeconds = 60;
    List<String> recipients = List.of();
    List<String> excludedTableData = List.of();
    String adminDatabase = "postgres";
    long timeoutSeconds = 120;
    Instant startBy = Instant.now().plusSeconds(600);
    boolean privateAuthority;
    boolean pathStyle = true;
    boolean databaseAuthority;
    boolean clientCertificate;
    String sslMode = "prefer";

    /** Environment variables of its Pod. */
    Map<String, String> environment = Map.of();

    /** Whether the policy names no access key, so that the Pod's own identity counts. */
    boolean ownIdentity;

    Map<String, String> tags = Map.of("team", "shop / co = 1 + 1");
    boolean sessionToken;
    String serverSideEncryption;
    String kmsKeyId;
    String storageClass;
    Duration storeSilence = Duration.ofSeconds(60);
    int partBytes = PART_BYTES;
    int partsPerSegment = 900;
    int retries = 4;
    Path postgresFolder = Programs.postgres().getParent().getParent();
    Path serverFolder = Path.of("/nowhere");
    Task.Retention retention;

    /** In a temporary folder of the test, at a path of its own in the bucket. */
    Attempt(Path folder) {
        this(folder, "prefix/shop/nightly-" + NUMBER.incrementAndGet() + "/");
    }

    /** Of a policy whose path is given. */
    Attempt(Path folder, String policyPath) {
        this.folder = folder;
        this.policyPath = policyPath;
        this.number = NUMBER.incrementAndGet();
        this.path = policyPath + "20260329T010002Z-b1c2d3e4-" + number + "/";
        secret("db", "username", Peers.ROLE);
        secret("db", "password", Peers.PASSWORD);
        secret("s3", "accessKeyId", StoreServer.ACCESS_KEY);
        secret("s3", "secretAccessKey", StoreServer.SECRET_KEY);
    }

    /** Writes a key of a mounted Secret. */
    Attempt secret(String secret, String key, String value) {
        try {
            Files.createDirectories(secrets().resolve(secret));
            Files.writeString(secrets().resolve(secret).resolve(key), value);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes a key away. */
    Attempt withoutSecret(String secret, String key) {
        try {
            Files.delete(secrets().resolve(secret).resolve(key));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path secrets() {
        return folder.resolve("secrets");
    }

    TaskResult backup() {
        return run(TaskKind.BACKUP);
    }

    /** Begins the backup on a thread of its own. */
    CompletableFuture<TaskResult> begin() {
        CompletableFuture<TaskResult> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                result.complete(backup());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    TaskResult run(TaskKind kind) {
        return run(task(kind));
    }

    TaskResult run(Task task) {
        RunnerSettings settings = new RunnerSettings(
                secrets(),
                folder.resolve("termination-log"),
                postgresFolder,
                serverFolder,
                partBytes,
                partsPerSegment,
                2,
                Duration.ofSeconds(1),
                storeSilence,
                Duration.ofMillis(500),
                retries);
        PrintStream out = new PrintStream(progress, true, StandardCharsets.UTF_8);
        return new Runner(settings, Clock.systemUTC(), out).run(task, Instant.now(), stop);
    }

    /** The program as it runs in a Pod: a process of its own, with logs at their finest level. */
    Process pod(TaskKind kind, Path message, Path log, String... options) throws IOException {
        return pod(task(kind), message, log, options);
    }

    Process pod(Task task, Path message, Path log, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:+UseSerialGC",
                "-Xmx192m",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                "-Djava.io.tmpdir=" + message.getParent(),
                "-Dmainstay.secrets=" + secrets(),
                "-Dmainstay.terminationMessage=" + message,
                "-Dmainstay.postgres=" + Programs.postgres().getParent().getParent(),
                "-Dmainstay.partBytes=" + PART_BYTES,
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(options));
        command.add(RunnerMain.class.getName());
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        builder.environment().put(Task.ENVIRONMENT_VARIABLE, TaskJson.write(task));
        Process process = builder.start();
        Programs.endAtExit(process);
        return process;
    }

    int number() {
        return number;
    }

    Task task(TaskKind kind) {
        return new Task(
                Task.CONTRACT_VERSION,
                kind,
                new Origin(
                        clusterId,
                        "shop",
                        "shop",
                        "nightly",
                        "ecommerce",
                        "nightly-20260329t010002z",
                        "b1c2d3e4-uid",
                        MadeBy.POLICY,
                        null,
                        adopt),
                number,
                kind == TaskKind.PREFLIGHT ? policyPath + "preflight/" : path,
                policyPath,
                kind == TaskKind.BACKUP || kind == TaskKind.PREFLIGHT
                        ? new DatabaseTarget(
                                host,
                                port,
                                database,
                                adminDatabase,
                                sslMode,
                                new MountedSecret(
                                        "db", "shop-db-backup", Map.of("username", "username", "password", "password")),
                                databaseAuthority
                                        ? new MountedSecret("db-ca", "shop-db-ca", Map.of("ca", "ca.crt"))
                                        : null,
                                clientCertificate
                                        ? new MountedSecret(
                                                "db-client",
                                                "shop-db-client",
                                                Map.of("certificate", "tls.crt", "key", "tls.key"))
                                        : null)
                        : null,
                new StorageTarget(
                        bucket,
                        "us-east-1",
                        endpoint,
                        pathStyle,
                        checksumsWhenRequiredOnly,
                        ownIdentity ? null : accessKey(),
                        privateAuthority ? new MountedSecret("s3-ca", "shop-s3-ca", Map.of("ca", "ca.crt")) : null,
                        serverSideEncryption,
                        kmsKeyId,
                        storageClass,
                        tags),
                kind == TaskKind.BACKUP || kind == TaskKind.PREFLIGHT
                        ? new Task.Dump(1, lockWaitTimeoutSeconds, recipients, excludedTableData)
                        : null,
                verification,
                startBy,
                timeoutSeconds,
                retention);
    }

    MountedSecret accessKey() {
        Map<String, String> keys =
                new TreeMap<>(Map.of("accessKeyId", "accessKeyId", "secretAccessKey", "secretAccessKey"));
        if (sessionToken) {
            keys.put("sessionToken", "sessionToken");
        }
        return new MountedSecret("s3", "shop-s3", keys);
    }

    /** Nothing that counts, no upload that costs, no program that runs on. */
    void assertNothingIsLeft() {
        assertThat(Peers.store().keys(path)).as("objects").isEmpty();
        assertNoUploadNorChild();
    }

    void assertNoUploadNorChild() {
        assertThat(Peers.store().openUploads(path)).as("open uploads").isEmpty();
        assertThat(children()).as("programs").isEmpty();
    }

    /** Programs of a pipeline that run below this JVM. */
    static List<String> children() {
        return ProcessHandle.current()
                .descendants()
                .filter(ProcessHandle::isAlive)
                .map(ProcessHandle::info)
                .map(ProcessHandle.Info::command)
                .flatMap(Optional::stream)
                .filter(command -> command.matches(".*/(pg_dump|pg_dumpall|pg_restore|zstd|age)"))
                .toList();
    }
}
