package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong in the middle of a dump, held there by a server process that is stopped while it copies a table. */
@Tag("process")
class BackupInterruptionProcessTest {

    @TempDir
    Path folder;

    private Attempt attempt() {
        Attempt attempt = new Attempt(folder);
        attempt.database = Peers.BIG;
        return attempt;
    }

    /** Waits until the dump is in the middle and some of it is in the store; the server process to let go. */
    private static long holdInTheMiddle(Attempt attempt) {
        long server = Peers.postgres().holdWhileCopying("b_second");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !Peers.store().openUploads(attempt.path).isEmpty());
        return server;
    }

    @Test
    void aKilledPgDumpIsNoBackup() {
        Attempt attempt = attempt();
        CompletableFuture<TaskResult> running = attempt.begin();
        long server = holdInTheMiddle(attempt);

        ProcessHandle.current()
                .descendants()
                .filter(p -> p.info().command().orElse("").endsWith("/pg_dump"))
                .forEach(ProcessHandle::destroyForcibly);
        TaskResult result = running.join();
        PostgresServer.release(server);

        assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(result.reason()).as(result.message()).isEqualTo("DumpFailed");
        assertThat(result.message()).contains("pg_dump was ended by signal 9");
        attempt.assertNothingIsLeft();
    }

    @Test
    void aRestartedDatabaseIsNoBackup() {
        Attempt attempt = attempt();
        CompletableFuture<TaskResult> running = attempt.begin();
        long server = holdInTheMiddle(attempt);

        PostgresServer.signal("QUIT", server);
        PostgresServer.release(server);
        Peers.postgres().crash();
        Peers.postgres().start();
        TaskResult result = running.join();

        assertThat(result.reason()).as(result.message()).isEqualTo("DumpFailed");
        assertThat(result.message()).contains("connection to the database was lost");
        attempt.assertNothingIsLeft();
    }

    @Test
    void aTimeoutInTheMiddleSaysWhereItWas() {
        Attempt attempt = attempt();
        CompletableFuture<TaskResult> running = attempt.begin();
        long server = holdInTheMiddle(attempt);

        attempt.stop.stopAfter(Duration.ofMillis(1), Reason.DEADLINE_EXCEEDED, "too long");
        TaskResult result = running.join();
        PostgresServer.release(server);

        assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(result.reason()).as(result.message()).isEqualTo("DeadlineExceeded");
        assertThat(result.message()).startsWith("too long (while dumping table public.b_second, ");
        attempt.assertNothingIsLeft();
    }

    @Test
    void aTimeoutIsThePolicys() {
        Attempt attempt = attempt();
        attempt.timeoutSeconds = 0;

        TaskResult result = attempt.backup();

        assertThat(result.reason()).as(result.message()).isEqualTo("DeadlineExceeded");
        assertThat(result.message()).contains("spec.timeout");
        attempt.assertNothingIsLeft();
    }

    @Test
    void settlingWhileARunnerStillLivesLeavesNothing() {
        Attempt attempt = attempt();
        CompletableFuture<TaskResult> running = attempt.begin();
        long server = holdInTheMiddle(attempt);

        TaskResult settled = attempt.run(TaskKind.SETTLE);
        PostgresServer.release(server);
        TaskResult late = running.join();

        assertThat(settled.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(settled.reason()).isNull();
        assertThat(late.outcome()).as(late.message()).isEqualTo(Outcome.ABORTED);
        assertThat(late.reason()).as(late.message()).isEqualTo("Cancelled");
        assertThat(Peers.store().keys(attempt.path)).containsExactly(attempt.path + "manifest.json");
        assertThat(Peers.store().read(attempt.path + "manifest.json")).contains("\"aborted\" : true");
        attempt.assertNoUploadNorChild();
    }

    @Test
    void aStoreThatDiesLeavesWhatASettlingRemoves() {
        Attempt attempt = attempt();
        attempt.retries = 2;
        CompletableFuture<TaskResult> running = attempt.begin();
        long server = holdInTheMiddle(attempt);

        Peers.store().kill();
        PostgresServer.release(server);
        TaskResult result = running.join();
        Peers.store().start();

        assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(result.reason()).as(result.message()).isEqualTo("UploadFailed");
        assertThat(result.message()).contains("could not be removed");
        assertThat(Attempt.children()).isEmpty();
        assertThat(attempt.run(TaskKind.SETTLE).outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(Peers.store().keys(attempt.path)).containsExactly(attempt.path + "manifest.json");
        attempt.assertNoUploadNorChild();
    }

    @Test
    void aDeletedPodCleansUpAndSaysSo() throws Exception {
        Attempt attempt = attempt();
        Path message = folder.resolve("termination-log");
        Path log = folder.resolve("log");
        Process pod = attempt.pod(TaskKind.BACKUP, message, log);
        long server = holdInTheMiddle(attempt);
        assertThat(Attempt.children()).anyMatch(command -> command.endsWith("/pg_dump"));

        pod.destroy();
        boolean ended = pod.waitFor(20, TimeUnit.SECONDS);
        PostgresServer.release(server);

        assertThat(ended).isTrue();
        TaskResult result = TaskJson.readResult(Files.readString(message)).orElseThrow();
        assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(result.reason()).isEqualTo("Cancelled");
        assertThat(Files.readString(log))
                .contains("Cancelled")
                .doesNotContain(Peers.PASSWORD, StoreServer.SECRET_KEY)
                .doesNotContain("Exception");
        attempt.assertNothingIsLeft();
    }

    @Test
    void aWholeBackupOfTheProgramEndsWithZero() throws Exception {
        Attempt attempt = new Attempt(folder);
        Path message = folder.resolve("termination-log");
        Path log = folder.resolve("log");
        Process pod = attempt.pod(TaskKind.BACKUP, message, log);

        assertThat(pod.waitFor(180, TimeUnit.SECONDS)).isTrue();
        assertThat(pod.exitValue()).as(Files.readString(log)).isZero();
        assertThat(TaskJson.readResult(Files.readString(message)).orElseThrow().outcome())
                .isEqualTo(Outcome.COMMITTED);
        assertThat(Files.readString(log)).doesNotContain(Peers.PASSWORD, StoreServer.SECRET_KEY);
    }
}
