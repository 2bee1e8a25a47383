package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskProgress;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made, proven, restored, settled and found damaged, against a real database and a real store. */
@Tag("process")
class BackupProcessTest {

    private static final String ODD_TABLE = "Odd schema.say \"hi\" = x\nline two";

    @TempDir
    Path folder;

    @Test
    void aBackupIsCommittedProvenAndRestoresWithoutMainstay() throws IOException {
        Attempt attempt = new Attempt(folder);

        TaskResult result = attempt.backup();

        assertThat(result.message()).isNull();
        assertThat(result.outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(result.backup().verified()).isEqualTo(VerificationLevel.FULL_READ);
        assertThat(result.backup().rows()).isEqualTo(1017);
        assertThat(result.backup().serverVersion()).startsWith(Programs.major() + ".");
        assertThat(result.backup().lsn()).matches("[0-9A-F]+/[0-9A-F]+");
        assertThat(Peers.store().keys(attempt.policyPath))
                .containsExactlyInAnyOrder(
                        attempt.policyPath + "owner.json",
                        attempt.path + "data.000",
                        attempt.path + "globals.sql",
                        attempt.path + "settings.sql",
                        attempt.path + "manifest.json",
                        attempt.path + "verified-fullread.json");
        attempt.assertNoUploadNorChild();
        assertManifest(attempt);
        assertThat(restored("restored_plain", attempt.path, List.of("data.000")))
                .isEqualTo("1000");
        assertThat(Peers.postgres()
                        .query(
                                "restored_plain",
                                "SELECT count(*) FROM \"Odd schema\".\"say \"\"hi\"\" = x\nline two\""))
                .isEqualTo("17");
    }

    private static void assertManifest(Attempt attempt) throws IOException {
        JsonNode manifest = TaskJson.mapper().readTree(Peers.store().bytes(attempt.path + "manifest.json"));
        assertThat(manifest.at("/archive/compression/format").asText())
                .isEqualTo(Programs.major() < 16 ? "zstd-outer" : "zstd-in-archive");
        assertThat(manifest.at("/database/name").asText()).isEqualTo(Peers.SHOP);
        assertThat(manifest.at("/backup/uid").asText()).isEqualTo("b1c2d3e4-uid");
        assertThat(manifest.at("/tables"))
                .extracting(table -> table.path("name").asText())
                .containsExactlyInAnyOrder("public.orders", "public.empty", ODD_TABLE);
        assertThat(Peers.store().read(attempt.path + "globals.sql"))
                .contains("CREATE ROLE " + Peers.ROLE)
                .doesNotContain("PASSWORD");
        assertThat(Peers.store().read(attempt.path + "settings.sql"))
                .contains("ALTER DATABASE shop SET search_path TO 'app', 'public';")
                .contains("GRANT CONNECT ON DATABASE shop TO backup;")
                .doesNotContain("CREATE DATABASE");
        JsonNode proof = TaskJson.mapper().readTree(Peers.store().bytes(attempt.path + "verified-fullread.json"));
        assertThat(proof.at("/rows").path("public.orders").asLong()).isEqualTo(1000);
        assertThat(proof.at("/rows").path(ODD_TABLE).asLong()).isEqualTo(17);
    }

    @Test
    void aStreamOfSeveralSegmentsJoinsToTheWhole() throws IOException {
        Attempt attempt = new Attempt(folder);
        attempt.database = Peers.BIG;
        attempt.partsPerSegment = 2;

        TaskResult result = attempt.backup();

        assertThat(result.message()).isNull();
        assertThat(result.backup().rows()).isEqualTo(9000);
        List<String> segments = Peers.store().keys(attempt.path + "data.").stream()
                .map(key -> key.substring(attempt.path.length()))
                .toList();
        assertThat(segments).hasSizeGreaterThan(1).startsWith("data.000", "data.001");
        assertThat(restored("restored_segments", attempt.path, segments, "b_second"))
                .isEqualTo("6000");
    }

    @Test
    void progressIsTold() {
        Attempt attempt = new Attempt(folder);
        attempt.database = Peers.BIG;
        var result = attempt.begin();
        long server = Peers.postgres().holdWhileCopying("b_second");
        try {
            org.awaitility.Awaitility.await()
                    .atMost(java.time.Duration.ofSeconds(30))
                    .until(() -> progress(attempt).stream()
                            .anyMatch(p -> p.stage() == TaskProgress.Stage.DUMP
                                    && "public.b_second".equals(p.table())
                                    && p.percent() > 10
                                    && p.percent() < 99));
        } finally {
            PostgresServer.release(server);
        }
        assertThat(result.join().outcome()).isEqualTo(Outcome.COMMITTED);
    }

    @Test
    void namesAndPasswordsMayHoldAnything() {
        String database = "Shop=db 'x\" \\ -/%@:";
        String role = "Backup \"r\" 'q' x=1 \\";
        String password = "p@:/%'\"\\$ { } #?&;x";
        PostgresServer server = Peers.postgres();
        server.execute(
                "postgres",
                "CREATE ROLE " + quoted(role) + " LOGIN PASSWORD '" + password.replace("'", "''") + "'",
                "GRANT pg_read_all_data TO " + quoted(role),
                "CREATE DATABASE " + quoted(database));
        server.execute(database, "CREATE TABLE t AS SELECT generate_series(1, 7) AS id");
        Attempt attempt = new Attempt(folder).secret("db", "username", role).secret("db", "password", password);
        attempt.database = database;

        TaskResult result = attempt.backup();

        assertThat(result.message()).isNull();
        assertThat(result.backup().rows()).isEqualTo(7);
        assertThat(Peers.store().read(attempt.path + "globals.sql")).contains("CREATE ROLE backup");
        assertThat(Peers.store().read(attempt.path + "manifest.json")).doesNotContain(password);
    }

    @Test
    void anEmptyDatabaseIsABackupToo() {
        Peers.postgres().execute("postgres", "CREATE DATABASE nothing");
        Attempt attempt = new Attempt(folder);
        attempt.database = "nothing";

        TaskResult result = attempt.backup();

        assertThat(result.message()).isNull();
        assertThat(result.backup().rows()).isZero();
        assertThat(result.backup().storedBytes()).isPositive();
    }

    @Test
    void aStoreBehindAPrivateAuthorityIsTrustedWhenItIsGiven() throws IOException {
        StoreServer store = new StoreServer(true);
        Attempt attempt = new Attempt(folder);
        attempt.endpoint = store.endpoint();
        attempt.checksumsWhenRequiredOnly = false;

        TaskResult untrusted = attempt.backup();
        assertThat(untrusted.reason()).isEqualTo("StorageUnreachable");
        assertThat(untrusted.message()).contains("certificate is not trusted").contains("caSecretRef");

        attempt.privateAuthority = true;
        attempt.secret("s3-ca", "ca.crt", Files.readString(store.authority()));
        TaskResult trusted = attempt.backup();
        assertThat(trusted.message()).isNull();
        assertThat(trusted.outcome()).isEqualTo(Outcome.COMMITTED);
        store.kill();
    }

    @Test
    void verificationFindsAFlippedByteAndTakesTheBackupOutOfTheCount() throws IOException {
        Attempt attempt = new Attempt(folder);
        attempt.verification = VerificationLevel.NONE;
        TaskResult unproven = attempt.backup();
        assertThat(unproven.backup().verified()).isEqualTo(VerificationLevel.NONE);
        attempt.verification = VerificationLevel.CHECKSUM;
        TaskResult byHash = attempt.run(TaskKind.VERIFY);
        assertThat(byHash.backup().verified()).isEqualTo(VerificationLevel.CHECKSUM);
        assertThat(byHash.backup().rows()).isNull();
        attempt.verification = VerificationLevel.FULL_READ;
        assertThat(attempt.run(TaskKind.VERIFY).backup().rows()).isEqualTo(1017);

        flipAByte(Peers.store().file(attempt.path + "data.000"));
        TaskResult damaged = attempt.run(TaskKind.VERIFY);

        assertThat(damaged.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(damaged.reason()).isEqualTo("VerificationFailed");
        assertThat(damaged.message()).contains("data.000").contains("left there for inspection");
        assertThat(Peers.store().keys(attempt.path))
                .contains(attempt.path + "manifest.damaged.json", attempt.path + "data.000")
                .doesNotContain(attempt.path + "manifest.json");
        attempt.assertNoUploadNorChild();
    }

    @Test
    void settlingKeepsACommittedBackup() {
        Attempt attempt = new Attempt(folder);
        TaskResult made = attempt.backup();

        TaskResult settled = attempt.run(TaskKind.SETTLE);
        TaskResult again = attempt.run(TaskKind.SETTLE);

        assertThat(settled.outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(settled.backup()).isEqualTo(made.backup());
        assertThat(again.backup()).isEqualTo(made.backup());
    }

    @Test
    void settlingAnAttemptThatLeftNothingClosesItsPathForEver() {
        Attempt attempt = new Attempt(folder);

        assertThat(attempt.run(TaskKind.SETTLE).outcome()).isEqualTo(Outcome.ABORTED);
        TaskResult again = attempt.run(TaskKind.SETTLE);
        assertThat(again.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(again.reason()).isNull();

        TaskResult late = attempt.backup();
        assertThat(late.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(late.reason()).isEqualTo("Cancelled");
        assertThat(Peers.store().keys(attempt.path)).containsExactly(attempt.path + "manifest.json");
        assertThat(attempt.run(TaskKind.VERIFY).outcome()).isEqualTo(Outcome.ABORTED);
    }

    private static List<TaskProgress> progress(Attempt attempt) {
        return attempt.progress
                .toString(StandardCharsets.UTF_8)
                .lines()
                .map(TaskJson::readProgress)
                .flatMap(Optional::stream)
                .toList();
    }

    private String restored(String database, String path, List<String> segments) throws IOException {
        return restored(database, path, segments, "public.orders");
    }

    /** Restores as docs/reference/manifest.md tells people to; the number of rows of a table. */
    private String restored(String database, String path, List<String> segments, String table) throws IOException {
        Path archive = folder.resolve("archive");
        for (String segment : segments) {
            Files.write(folder.resolve(segment), Peers.store().bytes(path + segment));
        }
        PostgresServer server = Peers.postgres();
        server.execute("postgres", "CREATE DATABASE " + database);
        Programs.run(
                Map.of(
                        "PGPASSWORD",
                        PostgresServer.ADMIN_PASSWORD,
                        "PGHOST",
                        "127.0.0.1",
                        "PGUSER",
                        PostgresServer.ADMIN,
                        "PGPORT",
                        Integer.toString(server.port()),
                        "IN",
                        folder.toString(),
                        "OUT",
                        archive.toString(),
                        "BIN",
                        Programs.postgres().toString(),
                        "DECOMPRESS",
                        Programs.major() < 16 ? "zstd -dc" : "cat",
                        "DB",
                        database),
                List.of(
                        "sh",
                        "-ec",
                        "cat \"$IN\"/data.* | $DECOMPRESS > \"$OUT\"; \"$BIN\"/pg_restore --exit-on-error -d \"$DB\" \"$OUT\""));
        return server.query(database, "SELECT count(*) FROM " + table);
    }

    private static void flipAByte(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long middle = bytes.length() / 2;
            bytes.seek(middle);
            int value = bytes.read();
            bytes.seek(middle);
            bytes.write(value ^ 1);
        }
    }

    private static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
