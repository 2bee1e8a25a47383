package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is broken off in the middle of a dump is no backup, and the next attempt is one. */
@Tag("node")
class BackupInterruptionNodeTest {

    /** A compression that lets the dump take long enough to be interrupted, on a fast machine too. */
    private static final String SLOW = "compression: {level: 9}\n  retry: {limit: 3, delay: 1s}";

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private NodeShop shop;

    @BeforeEach
    void openAndBegin() {
        shop = new NodeShop(namespace);
        shop.policy = SLOW;
        shop.open().backup();
        awaitDump();
    }

    @Test
    void givenAPodDeletedInMidDump_whenItTellsNothing_thenItsPathIsSettledAndTheNextAttemptSucceeds() {
        // Without grace the runner can't say that it was told to stop: it ends without a result.
        namespace
                .all(Pod.class)
                .withName(pod().getMetadata().getName())
                .withGracePeriod(0)
                .delete();

        DatabaseBackupStatus status = succeeded();

        assertThat(status.attempts())
                .extracting(attempt -> attempt.state())
                .containsExactly(AttemptState.FAILED, AttemptState.SUCCEEDED);
        assertThat(status.attempts().getFirst().followUps().settles()).isEqualTo(1);
        assertThat(status.attempts().getFirst().reason()).isEqualTo("PodFailed");
    }

    @Test
    void givenPgDumpKilledInMidStream_whenItsAttemptEnds_thenTheSignalIsNamedAndTheNextAttemptSucceeds() {
        List<ProcessHandle> dumps = ContainerProcesses.of(
                        pod().getStatus().getContainerStatuses().getFirst())
                .running("pg_dump");
        assertThat(dumps).isNotEmpty();
        dumps.forEach(ProcessHandle::destroyForcibly);

        DatabaseBackupStatus status = succeeded();

        assertThat(status.attempts().getFirst().reason()).isEqualTo("DumpFailed");
        assertThat(status.attempts().getFirst().message()).contains("signal 9");
        assertThat(status.attempts().getFirst().followUps()).isNull();
    }

    @Test
    void givenADatabaseKilledInMidDump_whenItIsBack_thenALaterAttemptSucceeds() {
        ShopDatabase database = new ShopDatabase(namespace.client());
        int restarts = database.restarts();
        database.crash();
        Awaitility.await("the database is started again")
                .atMost(NodeShop.PATIENCE)
                .until(() -> database.restarts() > restarts);
        database.awaitReady();

        DatabaseBackupStatus status = succeeded();

        assertThat(status.attempts().getFirst().reason()).isEqualTo("DumpFailed");
        assertThat(status.attempts().getFirst().message()).contains("connection to the database was lost");
    }

    @Test
    void givenARunningBackup_whenItIsDeleted_thenItsJobAndPodGo() {
        namespace.all(DatabaseBackup.class).withName(shop.name).delete();

        Awaitility.await("Job and Pod are gone")
                .atMost(Duration.ofMinutes(2))
                .until(() -> namespace.list(Job.class).isEmpty()
                        && namespace.list(Pod.class).isEmpty());
    }

    private DatabaseBackupStatus succeeded() {
        DatabaseBackupStatus status = shop.finished();
        assertThat(status.phase()).as("%s", status.failure()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(status.attempts().getLast().state()).isEqualTo(AttemptState.SUCCEEDED);
        assertThat(shop.storedManifests()).hasSize(1);
        return status;
    }

    private Pod pod() {
        List<Pod> pods = namespace.list(Pod.class);
        assertThat(pods).hasSize(1);
        return pods.getFirst();
    }

    /** Progress in the status is at most ten seconds old; the log is not. */
    private void awaitDump() {
        Awaitility.await("the dump runs")
                .atMost(NodeShop.PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> namespace.list(Pod.class).stream()
                        .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
                        .map(pod -> shop.log(pod))
                        .anyMatch(log -> log.contains("\"DUMP\"")));
    }
}
