package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What is broken off in the middle of a dump is no backup. */
@Tag("node")
@Execution(ExecutionMode.CONCURRENT)
class BackupInterruptionNodeTest {

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private NodeShop shop;
    private HeldDatabase database;

    @BeforeEach
    void open() {
        shop = new NodeShop(namespace);
        database = new HeldDatabase(new ShopDatabase(namespace.client()));
        shop.database = database.name;
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void givenARunnerKilledAndThenAPodDeletedInMidDump_whenTheirAttemptsHaveEnded_thenTheThirdOneSucceeds() {
        begin("retry: {limit: 2, delay: 1s}");
        ContainerProcesses.of(container()).main().destroyForcibly();
        database.awaitDump();
        namespace.all(Pod.class).withName(running().getMetadata().getName()).delete();
        database.awaitDump();
        database.release();

        DatabaseBackupStatus status = shop.finished();

        assertThat(status.phase()).as("%s", status.failure()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(status.attempts())
                .extracting(Attempt::state)
                .containsExactly(AttemptState.FAILED, AttemptState.FAILED, AttemptState.SUCCEEDED);
        Attempt killed = status.attempts().getFirst();
        assertThat(killed.reason()).isEqualTo("PodFailed");
        assertThat(killed.followUps().settles()).isEqualTo(1);
        // The kubelet asks the runner to end and waits, so it can tell that it was told to; its Pod may be gone before
        // that is read.
        assertThat(status.attempts().get(1).reason()).isIn("Cancelled", "PodFailed");
        assertThat(shop.stored()).filteredOn(file -> file.endsWith("/data.000")).hasSize(1);
        shop.expectOnlySettled(status);
    }

    @Test
    void givenPgDumpKilledInMidStream_whenItsAttemptEnds_thenTheSignalIsNamedAndNothingIsLeft() {
        begin("retry: {limit: 0}");

        ContainerProcesses.of(container()).running("pg_dump").forEach(ProcessHandle::destroyForcibly);

        shop.expectDumpFailed("signal 9");
    }

    @Test
    void givenARunningBackup_whenItIsDeleted_thenItsJobAndPodGo() {
        begin("");
        namespace.all(DatabaseBackup.class).withName(shop.name).delete();

        Awaitility.await("Job and Pod are gone")
                .atMost(Duration.ofMinutes(2))
                .until(() -> Stream.concat(namespace.list(Job.class).stream(), namespace.list(Pod.class).stream())
                        .noneMatch(NodeShop::isOfABackup));
        shop.expectNothingLeft();
    }

    @Test
    void givenARunningBackup_whenItIsCancelled_thenItSaysSoAndItsUploadIsTakenBack() {
        begin("");
        namespace
                .all(DatabaseBackup.class)
                .withName(shop.name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"%s\":\"wrong database\"}}}".formatted(Annotations.CANCEL));

        DatabaseBackupStatus status = shop.finished();

        assertThat(status.phase()).isEqualTo(BackupPhase.FAILED);
        assertThat(status.failure().reason()).as(status.failure().message()).isEqualTo("Cancelled");
        assertThat(status.failure().message()).contains("\"wrong database\"");
        assertThat(status.attempts()).hasSize(1);
        assertThat(shop.stored()).noneMatch(file -> file.contains("/data."));
        shop.expectOnlySettled(status);
    }

    private void begin(String policy) {
        shop.policy = policy;
        shop.open().backup();
        database.awaitDump();
    }

    private ContainerStatus container() {
        return running().getStatus().getContainerStatuses().getFirst();
    }

    /** Its dump runs before its status says so. */
    private Pod running() {
        return Awaitility.await("the Pod is said to run")
                .atMost(NodeShop.PATIENCE)
                .until(shop::running, Optional::isPresent)
                .orElseThrow();
    }
}
