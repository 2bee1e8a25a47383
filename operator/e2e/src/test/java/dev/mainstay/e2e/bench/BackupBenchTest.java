package dev.mainstay.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.node.NodeShop;
import dev.mainstay.e2e.node.ShopShell;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A backup beside the pipelines that people write for it, on one server and one store, in turns: the guide's
 * {@code pg_dump | gzip | aws s3 cp -}, and the expert's with zstd in the archive. It measures and asserts nothing.
 */
@Tag("bench-backup")
class BackupBenchTest {

    private static final int ROUNDS = 3;
    private static final long BYTES =
            Long.parseLong(System.getenv().getOrDefault("MAINSTAY_BENCH_BYTES", "" + 2_000_000_000L));

    /** Heap bytes of a row, measured once. */
    private static final long ROW_BYTES = 500;

    private static final Duration PATIENCE = Duration.ofMinutes(60);
    private static final Path REPORT = ClusterClient.REPOSITORY.resolve("docs/bench/backup.json");
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final Pattern TOOK = Pattern.compile("took (\\d+) ms, (\\d+) bytes");

    /** Half of a row's bytes repeat themselves, half can't be compressed; the same each time. */
    private static final String DATA = """
            createdb bench
            psql --no-psqlrc --quiet --dbname bench --set ON_ERROR_STOP=1 <<'SQL'
            CREATE TABLE orders AS
              SELECT g AS id, g %% 5000 AS customer, timestamptz '2026-01-01' + g * interval '7 seconds' AS at,
                     repeat('order of shop, status delivered; ', 7) AS note,
                     sha512((20260329 || '-' || g)::bytea) || sha512((g || '-a')::bytea) || sha512((g || '-b')::bytea)
                       AS payload
              FROM generate_series(1, %d) g;
            ALTER TABLE orders ADD PRIMARY KEY (id);
            CREATE INDEX ON orders (customer);
            GRANT SELECT ON orders TO PUBLIC;
            VACUUM ANALYZE orders;
            SQL
            psql --no-psqlrc --tuples-only --no-align --dbname bench --command \
              "SELECT pg_database_size('bench'), current_setting('fsync'), version()"
            """;

    private static final String TIMED = """
            started=$(date +%%s%%N)
            %s | aws s3 cp --no-progress - s3://shop-backups/e2e/%s
            ended=$(date +%%s%%N)
            size=$(aws s3 ls s3://shop-backups/e2e/%s | awk '{ print $3 }')
            aws s3 rm --quiet s3://shop-backups/e2e/%s
            echo "took $(((ended - started) / 1000000)) ms, $size bytes"
            """;

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private final Map<String, Object> report = new LinkedHashMap<>();
    private final Map<String, List<Long>> series = new LinkedHashMap<>();
    private final AtomicLong memory = new AtomicLong();
    private final AtomicLong disk = new AtomicLong();

    @Test
    void besideWhatPeopleWrite() throws Exception {
        NodeShop shop = new NodeShop(namespace);
        shop.name = "bench";
        shop.database = "bench";
        ShopShell shell = new ShopShell(namespace, shop, PATIENCE);
        report.put("at", Instant.now().toString());
        report.put("machine", Machine.describe());
        try {
            report.put("database", shell.run(DATA.formatted(BYTES / ROW_BYTES)).strip());
            shop.open();
            for (int round = 1; round <= ROUNDS; round++) {
                measure(shell, "guide", "pg_dump --dbname bench | gzip");
                measure(shell, "expert", "pg_dump --format=custom --compress=zstd:1 --dbname bench");
                measure(shop, "bench-" + round);
            }
        } finally {
            shell.run("dropdb --if-exists --force bench");
        }
        series.forEach((name, values) -> report.put(name, Series.of(values)));
        report.put("commitAgainstGuide", ratio("mainstayCommitMilliseconds", "guideMilliseconds"));
        report.put("commitAgainstExpert", ratio("mainstayCommitMilliseconds", "expertMilliseconds"));
        report.put("podMemoryMebibytes", memory.get() >> 20);
        report.put("podDiskBytes", disk.get());
        Files.createDirectories(REPORT.getParent());
        Files.writeString(REPORT, JSON.writeValueAsString(report) + "\n");
        System.out.println(JSON.writeValueAsString(report));
    }

    private void measure(ShopShell shell, String name, String dump) {
        String script = TIMED.formatted(dump, name, name, name);
        Matcher took = TOOK.matcher(shell.run(script));
        if (!took.find()) {
            throw new IllegalStateException(name + " did not tell how long it took");
        }
        note(name + "Milliseconds", Long.parseLong(took.group(1)));
        note(name + "StoredBytes", Long.parseLong(took.group(2)));
    }

    private void measure(NodeShop shop, String name) throws IOException {
        try (ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor()) {
            sampler.scheduleWithFixedDelay(this::sample, 0, 500, TimeUnit.MILLISECONDS);
            DatabaseBackupStatus status = backup(shop, name);
            sampler.shutdownNow();
            JsonNode manifest = JSON.readTree(Path.of(
                            System.getenv("MAINSTAY_VOLUMES"),
                            "shop-s3/buckets",
                            status.location().substring("s3://".length()),
                            "manifest.json")
                    .toFile());
            Instant started = Instant.parse(manifest.path("startedAt").asText());
            Instant committed = Instant.parse(manifest.path("committedAt").asText());
            note(
                    "mainstayCommitMilliseconds",
                    Duration.between(started, committed).toMillis());
            note(
                    "mainstayVerifyMilliseconds",
                    Duration.between(committed, status.verified().at()).toMillis());
            note("mainstayStoredBytes", status.size().storedBytes());
        }
    }

    private DatabaseBackupStatus backup(NodeShop shop, String name) {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: DatabaseBackup
                metadata: {name: %s}
                spec: {policyRef: {name: %s}}
                """.formatted(name, shop.name), DatabaseBackup.class));
        DatabaseBackupStatus status = Awaitility.await()
                .atMost(PATIENCE)
                .until(
                        () -> namespace.find(DatabaseBackup.class, name).getStatus(),
                        found -> found != null
                                && found.phase() != null
                                && found.phase().terminal());
        if (status.phase() != BackupPhase.SUCCEEDED) {
            throw new IllegalStateException(name + ": " + status.failure());
        }
        return status;
    }

    /** As the kubelet counts them, of the Pods of this namespace that are ours. */
    private void sample() {
        try {
            String node = namespace
                    .client()
                    .nodes()
                    .list()
                    .getItems()
                    .getFirst()
                    .getMetadata()
                    .getName();
            JsonNode summary = JSON.readTree(namespace.client().raw("/api/v1/nodes/" + node + "/proxy/stats/summary"));
            for (JsonNode pod : summary.path("pods")) {
                if (pod.at("/podRef/namespace").asText().equals(namespace.name())
                        && pod.at("/podRef/name").asText().startsWith("bench-")) {
                    memory.accumulateAndGet(
                            pod.at("/containers/0/memory/workingSetBytes").asLong(), Math::max);
                    disk.accumulateAndGet(
                            pod.at("/containers/0/rootfs/usedBytes").asLong(), Math::max);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void note(String name, long value) {
        series.computeIfAbsent(name, ignored -> new ArrayList<>()).add(value);
    }

    private double ratio(String one, String other) {
        double ratio = (double) Series.of(series.get(one)).median()
                / Series.of(series.get(other)).median();
        return Math.round(ratio * 1000) / 1000.0;
    }
}
