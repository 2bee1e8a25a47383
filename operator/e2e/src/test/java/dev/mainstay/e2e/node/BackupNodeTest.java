package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.VerificationLevel;
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

/** The main path and its worst interruptions, with a kubelet, PostgreSQL and an S3 server. */
@Tag("node")
class BackupNodeTest {

    /** A compression that lets the dump take long enough to be interrupted, on a fast machine too. */
    private static final String SLOW = "compression: {level: 9}\n  retry: {limit: 1, delay: 1s}";

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private NodeShop shop;

    @BeforeEach
    void open() {
        shop = new NodeShop(namespace).withSecrets();
    }

    @Test
    void backupSucceedsAndIsReadBackRowByRow() {
        shop.open("a", "");
        shop.backup("a");
        DatabaseBackupStatus status = shop.finished("a");
        assertThat(status.phase()).as("%s", status.failure()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(status.verified().level()).isEqualTo(VerificationLevel.FULL_READ);
        assertThat(status.verified().rows()).isGreaterThan(100_000);
        assertThat(status.location()).startsWith("s3://shop-backups/e2e/" + namespace.name() + "/a/");
        assertThat(status.serverVersion()).startsWith("17");
        assertThat(status.sha256()).hasSize(64);
    }

    @Test
    void podDeletedInMidDumpIsSettledAndTheNextAttemptSucceeds() {
        shop.open("a", SLOW);
        shop.backup("a");
        awaitDump();
        List<Pod> pods = namespace.list(Pod.class);
        assertThat(pods).hasSize(1);
        // Without grace the runner can't say that it was told to stop: it ends without a result.
        namespace
                .all(Pod.class)
                .withName(pods.getFirst().getMetadata().getName())
                .withGracePeriod(0)
                .delete();
        DatabaseBackupStatus status = shop.finished("a");
        assertThat(status.phase()).as("%s", status.failure()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(status.attempts())
                .extracting(attempt -> attempt.state())
                .containsExactly(AttemptState.FAILED, AttemptState.SUCCEEDED);
        assertThat(status.attempts().getFirst().followUps().settles()).isEqualTo(1);
        assertThat(status.attempts().getFirst().reason()).isEqualTo("PodFailed");
    }

    /** Progress in the status is at most ten seconds old; the log is not. */
    private void awaitDump() {
        Awaitility.await("the dump runs")
                .atMost(NodeShop.PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> namespace.list(Pod.class).stream()
                        .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
                        .map(pod -> namespace
                                .client()
                                .pods()
                                .inNamespace(namespace.name())
                                .withName(pod.getMetadata().getName())
                                .getLog())
                        .anyMatch(log -> log.contains("\"DUMP\"")));
    }

    @Test
    void deletedRunningBackupTakesItsJobWithIt() {
        shop.open("a", SLOW);
        shop.backup("a");
        Awaitility.await("the Job exists")
                .atMost(NodeShop.PATIENCE)
                .until(() -> !namespace.list(Job.class).isEmpty());
        namespace
                .all(dev.mainstay.api.backup.DatabaseBackup.class)
                .withName("a")
                .delete();
        Awaitility.await("Job and Pod are gone")
                .atMost(Duration.ofMinutes(2))
                .until(() -> namespace.list(Job.class).isEmpty()
                        && namespace.list(Pod.class).isEmpty());
    }
}
