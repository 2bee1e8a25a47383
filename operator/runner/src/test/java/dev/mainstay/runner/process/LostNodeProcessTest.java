package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that is lost says nothing to the server, whose kernel asks two hours later by itself. The sessions that hold what
 * others wait for have it ask soon: the kernel tells when it is going to.
 */
@Tag("process")
@EnabledOnOs(OS.LINUX)
class LostNodeProcessTest {

    private static final int TICKS_PER_SECOND = 100;
    private static final String KEEPALIVE = "02";

    @TempDir
    Path folder;

    private final PostgresServer server = Peers.postgres();

    @Test
    void theSessionsOfABackupAreAskedSoonWhetherTheyAreThere() {
        Attempt backup = new Attempt(folder);
        backup.database = Peers.BIG;
        CompletableFuture<TaskResult> running = backup.begin();
        long held = server.holdWhileCopying("a_first");
        try {
            assertAskedSoon("SELECT client_port FROM pg_stat_activity a JOIN pg_locks l USING (pid) WHERE l.locktype ="
                    + " 'advisory' AND l.granted");
            assertAskedSoon("SELECT client_port FROM pg_stat_activity WHERE datname = '" + Peers.BIG
                    + "' AND application_name = 'mainstay' AND state = 'idle in transaction'");
        } finally {
            PostgresServer.release(held);
        }
        assertThat(running.join().message()).isNull();
    }

    @Test
    void theSessionOfARestoreIsAskedSoonWhetherItIsThere() {
        Attempt backup = new Attempt(folder);
        backup.database = Peers.BIG;
        assertThat(backup.backup().message()).isNull();
        Restore restore = new Restore(folder, backup);
        CompletableFuture<TaskResult> running = restore.begin(TaskKind.RESTORE_COPY);
        long held = server.holdWhileCopying("a_first");
        try {
            assertAskedSoon(
                    "SELECT DISTINCT client_port FROM pg_stat_activity a JOIN pg_locks l USING (pid) WHERE l.locktype ="
                            + " 'advisory' AND l.granted");
        } finally {
            PostgresServer.release(held);
        }
        assertThat(running.join().message()).isNull();
        restore.settle();
    }

    private void assertAskedSoon(String clientPort) {
        int port = Integer.parseInt(server.query("postgres", clientPort));
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(secondsToKeepalive(port).orElse(Long.MAX_VALUE))
                        .as("seconds until the kernel asks")
                        .isLessThanOrEqualTo(20));
    }

    /** When the server's kernel asks the client of that port; empty while it waits for an answer to something else. */
    private OptionalLong secondsToKeepalive(int clientPort) throws IOException {
        List<String> sockets = Files.readAllLines(Path.of("/proc/net/tcp"));
        return sockets.stream()
                .skip(1)
                .map(line -> line.strip().split("\\s+"))
                .filter(socket -> port(socket[1]) == server.port() && port(socket[2]) == clientPort)
                .map(socket -> socket[5].split(":"))
                .filter(timer -> timer[0].equals(KEEPALIVE))
                .mapToLong(timer -> Long.parseLong(timer[1], 16) / TICKS_PER_SECOND)
                .findFirst();
    }

    private static int port(String address) {
        return Integer.parseInt(address.split(":")[1], 16);
    }
}
