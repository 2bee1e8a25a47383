package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import dev.mainstay.runner.RunnerMain;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A restore by the program of the Jobs beside the pipeline that people write for it, in turns, of one object in one store into
 * one server; and how long a swap refuses connections. It measures and asserts nothing of the figures. See deploy/bench.
 */
@EnabledIfSystemProperty(named = "benchRestore", matches = ".+")
class RestoreBenchTest {

    private static final int ROUNDS = 3;
    private static final int SWAPS = 5;
    private static final int SESSIONS = 200;
    private static final int SYNCS = 5;
    private static final int SECONDS = 900;
    private static final int MEBIBYTE = 1 << 20;
    private static final long BYTES =
            Long.parseLong(System.getenv().getOrDefault("MAINSTAY_BENCH_BYTES", "" + 1_000_000_000L));

    /** Heap bytes of a row, measured once. */
    private static final long ROW_BYTES = 500;

    private static final String DATABASE = "bench";

    /** Half of a row's bytes repeat themselves, half can't be compressed; the same each time. */
    private static final String DATA = """
            CREATE TABLE orders AS
              SELECT g AS id, g %% 5000 AS customer, timestamptz '2026-01-01' + g * interval '7 seconds' AS at,
                     repeat('order of shop, status delivered; ', 7) AS note,
                     sha512((20260329 || '-' || g)::bytea) || sha512((g || '-a')::bytea) || sha512((g || '-b')::bytea)
                       AS payload
              FROM generate_series(1, %d) g
            """;

    private static final String PIPELINE = """
            set -euo pipefail
            createdb %1$s
            aws s3 cp --no-progress %2$s - %3$s | pg_restore --exit-on-error --dbname %1$s
            psql --no-psqlrc --quiet --dbname %1$s --command ANALYZE
            """;

    private record Series(long median, List<Long> raw) {}

    @TempDir
    Path folder;

    private final Map<String, Object> report = new LinkedHashMap<>();
    private final Map<String, List<Long>> series = new LinkedHashMap<>();
    private PostgresServer server;

    @Test
    void besideWhatPeopleWrite() throws Exception {
        Path file = Path.of(System.getProperty("benchRestore")).toAbsolutePath();
        report.put("at", Instant.now().toString());
        report.put("machine", machine());
        server = new PostgresServer(
                Programs.postgres(),
                false,
                null,
                "fsync=on",
                "shared_buffers=256MB",
                "max_connections=300",
                "max_locks_per_transaction=64");
        List<String> java = program();
        restores(java);
        swaps(java);
        series.forEach((name, values) -> report.put(name, new Series(median(values), values)));
        report.put("mainstayAgainstPipeline", ratio("mainstayMilliseconds", "pipelineMilliseconds"));
        String json =
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(report);
        Files.writeString(file, json + "\n");
        System.out.println(json);
    }

    private void restores(List<String> java) throws Exception {
        server.execute("postgres", "CREATE DATABASE " + DATABASE);
        server.execute(
                DATABASE,
                DATA.formatted(BYTES / ROW_BYTES),
                "ALTER TABLE orders ADD PRIMARY KEY (id)",
                "CREATE INDEX ON orders (customer)",
                "VACUUM ANALYZE orders",
                "CHECKPOINT");
        report.put(
                "database",
                server.query(
                        DATABASE,
                        "SELECT pg_database_size(current_database()) || '|' || current_setting('fsync') || '|' ||"
                                + " version()"));
        Attempt backup = backup(DATABASE);
        String object = backup.path + "data.000";
        assertThat(Peers.store().keys(backup.path + "data.")).hasSize(1);
        report.put("storedBytes", Files.size(Peers.store().file(object)));
        for (int round = 1; round <= ROUNDS; round++) {
            note("pipelineMilliseconds", pipeline("pipeline_" + round, backup));
            server.execute("postgres", "DROP DATABASE pipeline_" + round, "CHECKPOINT");
            Restore restore = restore(backup);
            restore.previous = null;
            long begun = System.nanoTime();
            RestoreReport.Copy copy = run(java, restore.task(TaskKind.RESTORE_COPY), restore)
                    .restore()
                    .copy();
            note("mainstayMilliseconds", (System.nanoTime() - begun) / 1_000_000);
            assertThat(copy.rows()).isEqualTo(BYTES / ROW_BYTES);
            server.execute("postgres", "DROP DATABASE " + restore.copy, "CHECKPOINT");
        }
        server.execute("postgres", "DROP DATABASE " + DATABASE);
    }

    private long pipeline(String into, Attempt backup) {
        boolean outer = Peers.store().read(backup.path + "manifest.json").contains("zstd-outer");
        String script = PIPELINE.formatted(
                into, "s3://" + StoreServer.BUCKET + "/" + backup.path + "data.000", outer ? "| zstd -dc" : "");
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", Programs.postgres() + ":" + System.getenv("PATH"));
        environment.put("PGHOST", "127.0.0.1");
        environment.put("PGPORT", Integer.toString(server.port()));
        environment.put("PGUSER", PostgresServer.ADMIN);
        environment.put("PGPASSWORD", PostgresServer.ADMIN_PASSWORD);
        environment.put("AWS_ACCESS_KEY_ID", StoreServer.ACCESS_KEY);
        environment.put("AWS_SECRET_ACCESS_KEY", StoreServer.SECRET_KEY);
        environment.put("AWS_DEFAULT_REGION", "us-east-1");
        environment.put("AWS_ENDPOINT_URL", Peers.store().endpoint());
        long begun = System.nanoTime();
        Programs.run(environment, List.of("bash", "-c", script));
        return (System.nanoTime() - begun) / 1_000_000;
    }

    private void swaps(List<String> java) throws Exception {
        server.execute("postgres", "CREATE DATABASE busy");
        server.execute("busy", "CREATE TABLE written (id bigint)");
        Attempt backup = backup("busy");
        report.put("swapSessions", SESSIONS);
        for (int round = 1; round <= SWAPS; round++) {
            Restore restore = restore(backup);
            run(java, restore.task(TaskKind.RESTORE_COPY), restore);
            try (BusyDatabase busy = new BusyDatabase(server, "busy", SESSIONS)) {
                RestoreReport.Swap swap = run(java, restore.task(TaskKind.RESTORE_SWAP), restore)
                        .restore()
                        .swap();
                note("swapRefusedMilliseconds", swap.refusedMillis());
                note("swapEndedSessions", swap.endedSessions());
                busy.awaitWrites();
            }
            server.execute("postgres", "DROP DATABASE " + restore.previous);
        }
    }

    private Attempt backup(String database) {
        Attempt backup = new Attempt(folder)
                .secret("db", "username", PostgresServer.ADMIN)
                .secret("db", "password", PostgresServer.ADMIN_PASSWORD);
        backup.database = database;
        backup.port = server.port();
        backup.partBytes = 16 * MEBIBYTE;
        backup.timeoutSeconds = SECONDS;
        TaskResult result = backup.backup();
        assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.COMMITTED);
        return backup;
    }

    private Restore restore(Attempt backup) {
        Restore restore = new Restore(folder, backup);
        restore.pod.port = server.port();
        restore.pod.timeoutSeconds = SECONDS;
        return restore;
    }

    /** As the image has it: the jars, and the cache that a run of its own makes. */
    private List<String> program() throws IOException {
        Path repository = Path.of(System.getProperty("repositoryRoot"));
        Path built = repository.resolve("operator/runner/target");
        String classPath;
        try (Stream<Path> jars = Stream.concat(Files.list(built), Files.list(built.resolve("lib")))) {
            classPath = jars.map(Path::toString)
                    .filter(jar -> jar.endsWith(".jar"))
                    .sorted()
                    .collect(Collectors.joining(":"));
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String options = "@" + repository.resolve("deploy/images/runner/java-options");
        Path cache = folder.resolve("runner.aot");
        Programs.run(
                java, "-XX:AOTCacheOutput=" + cache, options, "-cp", classPath, RunnerMain.class.getName(), "--train");
        return List.of(java, "-XX:AOTCache=" + cache, options, "-cp", classPath, "-Xmx192m");
    }

    private TaskResult run(List<String> java, Task task, Restore restore) throws Exception {
        Path message = folder.resolve("termination-log");
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of(
                "-Dmainstay.secrets=" + restore.pod.secrets(),
                "-Dmainstay.terminationMessage=" + message,
                "-Dmainstay.postgres=" + Programs.postgres().getParent().getParent(),
                RunnerMain.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().put(Task.ENVIRONMENT_VARIABLE, TaskJson.write(task));
        Process process = builder.start();
        Programs.endAtExit(process);
        process.waitFor();
        TaskResult result = TaskJson.readResult(Files.readString(message)).orElseThrow();
        assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.COMMITTED);
        return result;
    }

    private Map<String, Object> machine() throws IOException {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        machine.put(
                "model",
                Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.replaceFirst(".*: ", ""))
                        .findFirst()
                        .orElse("unknown"));
        // Other work on the machine makes figures of different times incomparable; those of one run were taken in
        // turns.
        machine.put("loadAverage", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        machine.put("fsyncMicroseconds", syncs());
        return machine;
    }

    private List<Long> syncs() throws IOException {
        List<Long> syncs = new ArrayList<>();
        try (FileChannel channel =
                FileChannel.open(folder.resolve("sync"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int run = 0; run < SYNCS; run++) {
                channel.write(ByteBuffer.allocate(4096));
                long begin = System.nanoTime();
                channel.force(true);
                syncs.add((System.nanoTime() - begin) / 1_000);
            }
        }
        return syncs;
    }

    private void note(String name, long value) {
        series.computeIfAbsent(name, ignored -> new ArrayList<>()).add(value);
    }

    private double ratio(String one, String other) {
        double ratio = (double) median(series.get(one)) / median(series.get(other));
        return Math.round(ratio * 1000) / 1000.0;
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
