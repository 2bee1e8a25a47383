package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups that only a person's key opens, and the runner for as long as it lives. */
@Tag("process")
class BackupEncryptionProcessTest {

    private static final String SECRET_KEY = "AGE-SECRET-KEY-";

    @TempDir
    Path folder;

    private Path key;
    private Attempt attempt;

    @BeforeEach
    void anAttemptWithTwoRecipients() {
        key = folder.resolve("key.txt");
        Path other = folder.resolve("other.txt");
        attempt = new Attempt(folder);
        attempt.recipients = List.of(made(other), made(key));
    }

    private static String made(Path key) {
        Programs.run("age-keygen", "-o", key.toString());
        return Programs.run("age-keygen", "-y", key.toString()).strip();
    }

    @Test
    void whatIsStoredIsReadInFullByThisAttemptAndByAnyOfTheRecipients() throws IOException {
        TaskResult result = attempt.backup();

        assertThat(result.message()).isNull();
        assertThat(result.backup().verified()).isEqualTo(VerificationLevel.FULL_READ);
        assertThat(result.backup().rows()).isEqualTo(1017);
        assertThat(names())
                .containsExactlyInAnyOrder(
                        "data.000", "globals.sql.age", "settings.sql.age", "manifest.json", "verified-fullread.json");
        for (String name : List.of("data.000", "globals.sql.age", "settings.sql.age")) {
            assertThat(stored(name)).startsWith("age-encryption.org/v1").doesNotContain("CREATE");
        }
        JsonNode manifest = TaskJson.mapper().readTree(Peers.store().bytes(attempt.path + "manifest.json"));
        assertThat(manifest.at("/encryption/format").asText()).isEqualTo("age");
        assertThat(manifest.at("/encryption/recipients"))
                .extracting(JsonNode::asText)
                .containsExactlyElementsOf(attempt.recipients);
        assertThat(opened("globals.sql.age")).contains("CREATE ROLE " + Peers.ROLE);
        assertThat(opened("settings.sql.age")).contains("ALTER DATABASE shop SET search_path");
        assertThat(listed()).contains("TABLE DATA public orders");
        attempt.assertNoUploadNorChild();
    }

    /** Through age, and through zstd where pg_dump itself has none; so does docs/restore-by-hand.md. */
    private String listed() throws IOException {
        Files.write(folder.resolve("data.000"), Peers.store().bytes(attempt.path + "data.000"));
        return Programs.run(
                Map.of(
                        "KEY", key.toString(),
                        "IN", folder.resolve("data.000").toString(),
                        "DECOMPRESS", Programs.major() < 16 ? "zstd -dc" : "cat",
                        "BIN", Programs.postgres().toString()),
                List.of(
                        "sh",
                        "-ec",
                        "age --decrypt --identity \"$KEY\" \"$IN\" | $DECOMPRESS | \"$BIN\"/pg_restore --list"));
    }

    private String opened(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, Peers.store().bytes(attempt.path + name));
        return Programs.run("age", "--decrypt", "--identity", key.toString(), file.toString());
    }

    @Test
    void theOneTimeIdentityIsNowhereElseAndGoneInTheEnd() throws Exception {
        Path pod = Files.createDirectories(folder.resolve("pod"));
        Process process = attempt.pod(TaskKind.BACKUP, pod.resolve("termination-log"), pod.resolve("log"));

        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();

        assertThat(process.exitValue()).as(Files.readString(pod.resolve("log"))).isZero();
        assertThat(TaskJson.readResult(Files.readString(pod.resolve("termination-log"))))
                .hasValueSatisfying(
                        result -> assertThat(result.backup().verified()).isEqualTo(VerificationLevel.FULL_READ));
        assertThat(texts(pod))
                .allSatisfy((file, text) -> assertThat(text).as(file).doesNotContain(SECRET_KEY));
        assertThat(names())
                .allSatisfy(name -> assertThat(
                                new String(Peers.store().bytes(attempt.path + name), StandardCharsets.ISO_8859_1))
                        .as(name)
                        .doesNotContain(SECRET_KEY));
        try (Stream<Path> left = Files.list(pod)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("termination-log", "log");
        }
    }

    private static Map<String, String> texts(Path folder) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return texts;
    }

    @Test
    void withoutTheIdentityItIsProvenByHashAndSaysSo() throws IOException {
        attempt.verification = VerificationLevel.NONE;
        assertThat(attempt.backup().outcome()).isEqualTo(Outcome.COMMITTED);
        attempt.verification = VerificationLevel.FULL_READ;

        TaskResult result = attempt.run(TaskKind.VERIFY);

        assertThat(result.outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(result.backup().verified()).isEqualTo(VerificationLevel.CHECKSUM);
        assertThat(result.reason()).isEqualTo("IdentityLost");
        assertThat(result.message()).contains("proven by hash only");
        assertThat(names()).contains("verified-checksum.json").doesNotContain("verified-fullread.json");
    }

    @Test
    void aRecipientThatAgeDoesNotKnowFailsTheAttemptAndLeavesNothing() {
        attempt.recipients = List.of("age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq");

        TaskResult result = attempt.backup();

        assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(result.reason()).isEqualTo("DumpFailed");
        assertThat(result.message()).contains("age").contains("recipient");
        attempt.assertNothingIsLeft();
    }

    private String stored(String name) {
        return new String(Peers.store().bytes(attempt.path + name), StandardCharsets.ISO_8859_1);
    }

    private List<String> names() {
        return Peers.store().keys(attempt.path).stream()
                .map(name -> name.substring(attempt.path.length()))
                .toList();
    }
}
