package dev.mainstay.runner.backup;

import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.retention.RetentionRules;
import dev.mainstay.core.task.RetentionReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.Task.Origin;
import dev.mainstay.core.task.Task.Retention;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.runner.backup.Manifest.Archive;
import dev.mainstay.runner.backup.Manifest.Compression;
import dev.mainstay.runner.backup.Manifest.CompressionFormat;
import dev.mainstay.runner.backup.Manifest.Segment;
import dev.mainstay.runner.backup.Manifest.SideFile;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskContext;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A policy's folder with backups of each kind in a store in memory. */
final class RetentionBucket {

    static final String POLICY = "prod/shop/nightly/";
    static final Instant NOW = Instant.parse("2026-03-29T12:00:00Z");
    static final RetentionRules LAST_ONE = new RetentionRules(1, null, null, null, null, null, null, null);

    final MemoryStore store = new MemoryStore();
    final StopSignal stop = new StopSignal();
    String clusterId = "cluster-1";
    String zone = "Europe/Berlin";
    boolean dryRun;
    boolean newestFailed;
    RetentionRules rules = LAST_ONE;
    List<String> finished = List.of();

    RetentionBucket() {
        new Ownership(store, task(TaskKind.BACKUP, POLICY)).claim(NOW);
    }

    /** A proven backup of so many days ago; its folder. */
    String backup(int daysAgo) {
        return backup(daysAgo, MadeBy.POLICY, null, VerificationLevel.FULL_READ);
    }

    String backup(int daysAgo, MadeBy madeBy, Instant keepUntil, VerificationLevel proven) {
        String path = folder(daysAgo);
        put(path + "data.000", "data");
        put(path + "data.001", "more");
        put(path + "globals.sql", "roles");
        put(path + "settings.sql", "settings");
        store.objects.put(path + "manifest.json", AttemptFolder.json(manifest(daysAgo, madeBy, keepUntil, 1)));
        if (proven != VerificationLevel.NONE) {
            put(path + "verified-" + proven.text().toLowerCase(Locale.ROOT) + ".json", "{}");
        }
        return path;
    }

    static String folder(int daysAgo) {
        String day =
                NOW.minusSeconds(86_400L * daysAgo).toString().substring(0, 10).replace("-", "");
        return POLICY + day + "T010002Z-" + uid(daysAgo).substring(0, 8) + "-1/";
    }

    private static String uid(int daysAgo) {
        return String.format("%08x-uid", daysAgo);
    }

    Manifest manifest(int daysAgo, MadeBy madeBy, Instant keepUntil, int formatVersion) {
        Instant at = NOW.minusSeconds(86_400L * daysAgo + 3600);
        return new Manifest(
                formatVersion,
                new Manifest.Origin(clusterId, "shop", "shop", "nightly", "ecommerce"),
                new Manifest.Backup("nightly-" + daysAgo, uid(daysAgo), 1, madeBy, keepUntil),
                new Manifest.Database("ecommerce", "17.6", 100, at, "0/1"),
                new Archive(
                        "custom",
                        "17.6",
                        new Compression(CompressionFormat.IN_ARCHIVE, 1),
                        8,
                        List.of(new Segment("data.000", 4, "aa"), new Segment("data.001", 4, "bb"))),
                null,
                new SideFile(new Segment("globals.sql", 5, "cc"), null),
                new SideFile(null, "absent"),
                null,
                List.of(),
                at,
                at);
    }

    void put(String key, String text) {
        store.objects.put(key, text.getBytes(StandardCharsets.UTF_8));
    }

    String read(String key) {
        return new String(store.objects.get(key), StandardCharsets.UTF_8);
    }

    /** Keys of the folder, without its path. */
    List<String> names(String path) {
        return store.objects.keySet().stream()
                .filter(key -> key.startsWith(path))
                .map(key -> key.substring(path.length()))
                .toList();
    }

    boolean isBackup(String path) {
        return new AttemptFolder(store, path).manifest() instanceof ManifestState.Committed;
    }

    Map<String, byte[]> copy() {
        return new TreeMap<>(store.objects);
    }

    Task task(TaskKind kind, String path) {
        return new Task(
                Task.CONTRACT_VERSION,
                kind,
                new Origin(
                        clusterId, "shop", "shop", "nightly", "ecommerce", "first", "uid", MadeBy.POLICY, null, null),
                1,
                path,
                POLICY,
                null,
                null,
                null,
                VerificationLevel.FULL_READ,
                null,
                3600,
                new Retention(zone, rules, dryRun, newestFailed, finished));
    }

    static Clock clock() {
        return Clock.fixed(NOW, ZoneOffset.UTC);
    }

    RetentionReport run() {
        Task task = task(TaskKind.BACKUP, POLICY + "x/");
        return new RetentionRun(new TaskContext(task, NOW, null, null, stop, null, clock()), store).run();
    }

    Removal removal() {
        return new Removal(store, task(TaskKind.REMOVE, POLICY), clock());
    }
}
