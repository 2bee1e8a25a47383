package dev.mainstay.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.runner.backup.Manifest.Archive;
import dev.mainstay.runner.backup.Manifest.Compression;
import dev.mainstay.runner.backup.Manifest.CompressionFormat;
import dev.mainstay.runner.backup.Manifest.Segment;
import dev.mainstay.runner.backup.Manifest.SideFile;
import dev.mainstay.runner.backup.Manifest.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The formats are kept for ever: these files change only together with a new format version. */
class ManifestTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    static final Manifest MANIFEST = new Manifest(
            1,
            new Manifest.Origin("0b5e5d0c-cluster", "shop", "shop", "nightly", "ecommerce"),
            new Manifest.Backup(
                    "nightly-20260329t010000z",
                    "b1c2d3e4-uid",
                    2,
                    MadeBy.PERSON,
                    Instant.parse("2026-06-01T00:00:00Z")),
            new Manifest.Database(
                    "ecommerce", "17.6", 577_888_000, Instant.parse("2026-03-29T01:00:04.123456Z"), "0/3A000028"),
            new Archive(
                    "custom",
                    "17.6",
                    new Compression(CompressionFormat.IN_ARCHIVE, 1),
                    15_100_000_123L,
                    List.of(
                            new Segment("data.000", 15_099_494_400L, "aa".repeat(32)),
                            new Segment("data.001", 505_723, "bb".repeat(32)))),
            new Manifest.Encryption("age", List.of("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")),
            new SideFile(new Segment("globals.sql.age", 712, "cc".repeat(32)), null),
            new SideFile(null, "the role may not read everything"),
            List.of("public.audit_log"),
            List.of(new Table("public.orders", 300_000_000, 1_200_000L), new Table("Shop.\"odd\"", 8192, null)),
            Instant.parse("2026-03-29T01:00:02Z"),
            Instant.parse("2026-03-29T01:00:31.5Z"));

    @Test
    void theManifestReadsAsDocumented() throws IOException {
        compare("manifest.json", AttemptFolder.json(MANIFEST));
    }

    @Test
    void theProofReadsAsDocumented() throws IOException {
        compare(
                "verified-fullread.json",
                AttemptFolder.json(new Proof(
                        1,
                        VerificationLevel.FULL_READ,
                        Instant.parse("2026-03-29T01:01:00Z"),
                        "dd".repeat(32),
                        "17",
                        new TreeMap<>(Map.of("public.orders", 1_200_345L, "Shop.\"odd\"", 0L)))));
    }

    @Test
    void theNoteOfASettledAttemptReadsAsDocumented() throws IOException {
        compare(
                "manifest-aborted.json",
                AttemptFolder.json(new SettleTask.AbortedManifest(
                        1,
                        true,
                        "nightly-20260329t010000z",
                        "b1c2d3e4-uid",
                        2,
                        Instant.parse("2026-03-29T02:00:00Z"))));
    }

    @Test
    void theNoteOfARemovedBackupReadsAsDocumented() throws IOException {
        compare(
                "manifest-removed.json",
                AttemptFolder.json(new Removal.RemovedManifest(
                        1,
                        true,
                        Instant.parse("2026-04-29T02:00:00Z"),
                        TaskJson.mapper().readTree(AttemptFolder.json(MANIFEST)))));
    }

    @Test
    void whatIsWrittenIsReadTheSame() {
        MemoryStore store = new MemoryStore();
        AttemptFolder folder = new AttemptFolder(store, "a/");
        byte[] json = AttemptFolder.json(MANIFEST);
        folder.commit(json);

        assertThat(folder.manifest()).isEqualTo(new ManifestState.Committed(MANIFEST, Sha256.of(json)));
    }

    @Test
    void anAbortedManifestIsNone() {
        MemoryStore store = new MemoryStore();
        store.objects.put("a/manifest.json", "{\"aborted\": true}".getBytes(StandardCharsets.UTF_8));

        assertThat(new AttemptFolder(store, "a/").manifest()).isEqualTo(new ManifestState.Aborted());
    }

    @Test
    void somethingElseIsNoManifest() {
        MemoryStore store = new MemoryStore();
        AttemptFolder folder = new AttemptFolder(store, "a/");
        for (String text : List.of("", "{", "[]", "{}", "null", "{\"formatVersion\": 1}")) {
            store.objects.put("a/manifest.json", text.getBytes(StandardCharsets.UTF_8));
            assertThat(folder.manifest()).as(text).isInstanceOf(ManifestState.Unreadable.class);
        }
    }

    private static void compare(String name, byte[] actual) throws IOException {
        Path file = GOLDEN.resolve(name);
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(GOLDEN);
            Files.write(file, actual);
        }
        assertThat(new String(actual, StandardCharsets.UTF_8)).isEqualTo(Files.readString(file));
    }
}
