package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import dev.mainstay.e2e.runner.FakeBucket.Mark;
import dev.mainstay.e2e.runner.FakeRunner;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Backups from beginning to end, with Pods that KWOK runs and a runner that answers as the test says. */
@Tag("simulated")
class BackupSimulatedTest {

    private static final Duration SOON = Duration.ofSeconds(40);

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private final Shop shop = new Shop(namespace);
    private OperatorProcess operator;
    private FakeRunner runner;

    @BeforeEach
    void start() {
        operator = OperatorProcess.started(namespace.name());
    }

    @AfterEach
    void stop() {
        if (runner != null) {
            runner.close();
        }
        operator.close();
    }

    @Test
    void givenARunnerThatSucceeds_whenABackupIsMade_thenItSucceedsProvenInFull() {
        run(task -> Behaviour.SUCCEED);
        shop.open().backup("nightly");

        DatabaseBackupStatus status = end("nightly");

        assertThat(status.phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(status.verified().level()).isEqualTo(VerificationLevel.FULL_READ);
        assertThat(status.attempts()).extracting(attempt -> attempt.state()).containsExactly(AttemptState.SUCCEEDED);
        assertThat(Shop.condition(status.conditions(), "Finished")).isEqualTo("TRUE/Succeeded");
        assertThat(runner.bucket().contents())
                .isEqualTo(Map.of(status.attempts().getFirst().path(), Mark.MANIFEST));
    }

    @Test
    void givenARunnerThatFailsOnce_whenABackupIsMade_thenTheSecondAttemptSucceeds() {
        run(task -> task.attempt() == 1 ? Behaviour.FAIL : Behaviour.SUCCEED);
        shop.open().backup("nightly");

        DatabaseBackupStatus status = end("nightly");

        assertThat(status.phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(status.attempts())
                .extracting(attempt -> attempt.state())
                .containsExactly(AttemptState.FAILED, AttemptState.SUCCEEDED);
        assertThat(status.attempts().getFirst().reason()).isEqualTo("UploadFailed");
    }

    @Test
    void givenARunnerThatAlwaysFails_whenABackupIsMade_thenItFailsAfterItsLastAttemptAndSaysWhy() {
        run(task -> Behaviour.FAIL);
        shop.open().backup("nightly");

        DatabaseBackupStatus status = end("nightly");

        assertThat(status.phase()).isEqualTo(BackupPhase.FAILED);
        assertThat(status.attempts()).hasSize(2);
        assertThat(status.failure().reason()).isEqualTo("UploadFailed");
        assertThat(Shop.condition(status.conditions(), "Stalled")).isEqualTo("TRUE/UploadFailed");
        assertThat(Shop.condition(status.conditions(), "Succeeded")).isEqualTo("FALSE/UploadFailed");
    }

    @Test
    void givenAPodKilledBeforeItsCommit_whenItTellsNothing_thenItsPathIsSettledBeforeTheNextAttempt() {
        run(task -> task.kind() == TaskKind.BACKUP && task.attempt() == 1
                ? Behaviour.KILLED_BEFORE_COMMIT
                : Behaviour.SUCCEED);
        shop.open().backup("nightly");

        DatabaseBackupStatus status = end("nightly");

        assertThat(status.phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(runner.bucket().contents())
                .isEqualTo(Map.of(
                        status.attempts().getFirst().path(), Mark.ABORTED,
                        status.attempts().getLast().path(), Mark.MANIFEST));
        assertThat(tasks()).containsExactlyInAnyOrder("backup 1", "settle 1", "backup 2");
    }

    @Test
    void givenAPodKilledAfterItsCommit_whenItTellsNothing_thenTheBackupIsFoundAndReadBack() {
        run(task -> task.kind() == TaskKind.BACKUP ? Behaviour.KILLED_AFTER_COMMIT : Behaviour.SUCCEED);
        shop.open().backup("nightly");

        DatabaseBackupStatus status = end("nightly");

        assertThat(status.phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(status.verified().level()).isEqualTo(VerificationLevel.FULL_READ);
        assertThat(tasks()).containsExactlyInAnyOrder("backup 1", "settle 1", "verify 1");
    }

    @Test
    void givenARunningPod_whenItIsDeleted_thenItsPathIsSettledBeforeTheNextAttempt() {
        run(task -> task.kind() == TaskKind.BACKUP && task.attempt() == 1 ? Behaviour.RUN_ON : Behaviour.SUCCEED);
        shop.open().backup("nightly");
        awaitPhase("nightly", BackupPhase.RUNNING);

        namespace.all(Pod.class).withLabel(Annotations.ATTEMPT, "1").delete();

        assertThat(end("nightly").phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(tasks()).containsExactlyInAnyOrder("backup 1", "settle 1", "backup 2");
    }

    @Test
    void givenNoNodeForThePod_whenPendingTimeoutIsOver_thenTheBackupFailsAsUnschedulable() {
        run(task -> Behaviour.SUCCEED);
        shop.application("jobTemplate: {nodeSelector: {no: such-node}}");
        shop.policy("2s");
        shop.backup("nightly");

        DatabaseBackupStatus status = end("nightly");

        assertThat(status.failure().reason()).isEqualTo("Unschedulable");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(namespace.list(Pod.class))
                        .as("a Pod that was given up must not run later")
                        .isEmpty());
    }

    @Test
    void givenRunNow_whenItsValueChanges_thenEachValueMakesOneBackup() {
        run(task -> Behaviour.SUCCEED);
        shop.open();

        runNow("one");
        await().atMost(SOON).until(() -> succeeded() == 1);
        runNow("two");
        await().atMost(SOON).until(() -> succeeded() == 2);

        await().atMost(SOON).untilAsserted(() -> {
            BackupPolicy policy = namespace.find(BackupPolicy.class, Shop.NAME);
            assertThat(policy.getStatus().lastRunNow()).isEqualTo("two");
            assertThat(policy.getStatus().lastSuccess()).isNotNull();
            assertThat(policy.getStatus().consecutiveFailures()).isZero();
        });
        assertThat(namespace.list(DatabaseBackup.class)).hasSize(2);
    }

    @Test
    void givenARunningBackup_whenItIsDeleted_thenItsJobAndPodGo() {
        run(task -> Behaviour.RUN_ON);
        shop.open().backup("nightly");
        awaitPhase("nightly", BackupPhase.RUNNING);

        namespace.all(DatabaseBackup.class).withName("nightly").delete();

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(namespace.list(Job.class)).isEmpty();
            assertThat(namespace.list(Pod.class)).isEmpty();
        });
    }

    private void run(Function<Task, Behaviour> script) {
        runner = new FakeRunner(namespace.client(), namespace.name(), script);
    }

    private DatabaseBackupStatus end(String backup) {
        await().atMost(SOON).until(() -> shop.finished(backup));
        return shop.status(backup).orElseThrow();
    }

    private void awaitPhase(String backup, BackupPhase phase) {
        await().atMost(SOON)
                .until(() -> shop.status(backup)
                        .filter(status -> status.phase() == phase)
                        .isPresent());
    }

    private void runNow(String value) {
        namespace.all(BackupPolicy.class).withName(Shop.NAME).edit(policy -> {
            policy.getMetadata().getAnnotations().put(Annotations.RUN_NOW, value);
            return policy;
        });
    }

    private long succeeded() {
        return namespace.list(DatabaseBackup.class).stream()
                .filter(backup ->
                        backup.getStatus() != null && backup.getStatus().phase() == BackupPhase.SUCCEEDED)
                .count();
    }

    private List<String> tasks() {
        return shop.jobs().stream()
                .map(job -> job.getMetadata().getLabels())
                .map(labels -> labels.get(Annotations.TASK) + " " + labels.get(Annotations.ATTEMPT))
                .toList();
    }
}
