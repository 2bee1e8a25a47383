package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import dev.mainstay.e2e.runner.FakeBucket.Mark;
import dev.mainstay.e2e.runner.FakeRunner;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Backups from beginning to end, with Pods that KWOK runs and a runner that answers as each test says. One operator serves
 * all tests, and each has a shop of its own.
 */
@Tag("simulated")
class BackupSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    /** As the operator has it when nobody says otherwise. */
    private static final int JOBS_PER_NAMESPACE = 5;

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    private static final Map<String, Function<Task, Behaviour>> SCRIPTS = new ConcurrentHashMap<>();

    @AutoClose
    private static OperatorProcess operator;

    @AutoClose
    private static FakeRunner runner;

    @BeforeAll
    static void start() {
        runner = new FakeRunner(
                NAMESPACE.client(),
                NAMESPACE.name(),
                task -> SCRIPTS.get(task.origin().policy()).apply(task));
        operator = OperatorProcess.started(NAMESPACE.name());
    }

    @Test
    void givenARunnerThatSucceeds_whenABackupIsMade_thenItSucceedsProvenInFull() {
        Shop shop = shop("succeeds", task -> Behaviour.SUCCEED).open();
        shop.backup();

        DatabaseBackupStatus status = end(shop);

        assertThat(status.phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(status.verified().level()).isEqualTo(VerificationLevel.FULL_READ);
        assertThat(status.attempts()).extracting(Attempt::state).containsExactly(AttemptState.SUCCEEDED);
        assertThat(Shop.condition(status.conditions(), "Finished")).isEqualTo("TRUE/Succeeded");
        assertThat(marks(status)).containsExactly(Mark.MANIFEST);
    }

    @Test
    void givenARunnerThatFailsOnce_whenABackupIsMade_thenTheSecondAttemptSucceeds() {
        Shop shop = shop("fails-once", task -> task.attempt() == 1 ? Behaviour.FAIL : Behaviour.SUCCEED)
                .open();
        shop.backup();

        DatabaseBackupStatus status = end(shop);

        assertThat(status.phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(status.attempts())
                .extracting(Attempt::state)
                .containsExactly(AttemptState.FAILED, AttemptState.SUCCEEDED);
        assertThat(status.attempts().getFirst().reason()).isEqualTo("UploadFailed");
    }

    @Test
    void givenARunnerThatAlwaysFails_whenABackupIsMade_thenItFailsAfterItsLastAttemptAndSaysWhy() {
        Shop shop = shop("fails", task -> Behaviour.FAIL).open();
        shop.backup();

        DatabaseBackupStatus status = end(shop);

        assertThat(status.phase()).isEqualTo(BackupPhase.FAILED);
        assertThat(status.attempts()).hasSize(2);
        assertThat(status.failure().reason()).isEqualTo("UploadFailed");
        assertThat(Shop.condition(status.conditions(), "Stalled")).isEqualTo("TRUE/UploadFailed");
        assertThat(Shop.condition(status.conditions(), "Succeeded")).isEqualTo("FALSE/UploadFailed");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(shop.findPolicy().getStatus().consecutiveFailures())
                        .isEqualTo(1));
    }

    @Test
    void givenManyBackupsAtOnce_whenTheyWantMoreJobsThanMayRun_thenTheLimitIsKeptAndAllSucceedInTheEnd() {
        Shop shop = shop("burst", task -> Behaviour.RUN_ON).open();
        for (int i = 1; i <= 3 * JOBS_PER_NAMESPACE; i++) {
            shop.backup("burst-" + i);
        }

        await().atMost(SOON)
                .until(() -> shop.backups().stream()
                        .allMatch(backup -> backup.getStatus() != null
                                && (backup.getStatus().phase() == BackupPhase.RUNNING || waitsForAPlace(backup))));
        // A Job of another test may have had a place at first.
        await().atMost(SOON).until(() -> shop.tasks().size() >= JOBS_PER_NAMESPACE);
        List<String> atOnce = shop.tasks();
        SCRIPTS.put("burst", task -> Behaviour.SUCCEED);
        assertThat(atOnce).hasSize(JOBS_PER_NAMESPACE);

        runner.lookAgain();
        await().atMost(SOON).until(() -> succeeded(shop) == 3 * JOBS_PER_NAMESPACE);
    }

    private static boolean waitsForAPlace(DatabaseBackup backup) {
        return backup.getStatus().conditions().stream()
                .anyMatch(condition -> condition.reason().equals("ConcurrencyLimit"));
    }

    @Test
    void givenAPodKilledBeforeItsCommit_whenItTellsNothing_thenItsPathIsSettledBeforeTheNextAttempt() {
        Shop shop = shop(
                        "killed-before",
                        task -> isFirstBackup(task) ? Behaviour.KILLED_BEFORE_COMMIT : Behaviour.SUCCEED)
                .open();
        shop.backup();

        DatabaseBackupStatus status = end(shop);

        assertThat(status.phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(marks(status)).containsExactly(Mark.ABORTED, Mark.MANIFEST);
        assertThat(shop.tasks()).containsExactly("backup 1", "backup 2", "settle 1");
    }

    @Test
    void givenAPodKilledAfterItsCommit_whenItTellsNothing_thenTheBackupIsFoundAndReadBack() {
        Shop shop = shop(
                        "killed-after", task -> isFirstBackup(task) ? Behaviour.KILLED_AFTER_COMMIT : Behaviour.SUCCEED)
                .open();
        shop.backup();

        DatabaseBackupStatus status = end(shop);

        assertThat(status.phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(status.verified().level()).isEqualTo(VerificationLevel.FULL_READ);
        assertThat(marks(status)).containsExactly(Mark.MANIFEST);
        assertThat(shop.tasks()).containsExactly("backup 1", "settle 1", "verify 1");
    }

    @Test
    void givenARunningPod_whenItIsDeleted_thenItsPathIsSettledBeforeTheNextAttempt() {
        Shop shop = shop("pod-deleted", task -> isFirstBackup(task) ? Behaviour.RUN_ON : Behaviour.SUCCEED)
                .open();
        DatabaseBackup backup = shop.backup();
        awaitRunning(shop);

        NAMESPACE.all(Pod.class).withLabel(Annotations.OWNER_UID, uid(backup)).delete();

        assertThat(end(shop).phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(shop.tasks()).containsExactly("backup 1", "backup 2", "settle 1");
    }

    @Test
    void givenNoNodeForThePod_whenPendingTimeoutIsOver_thenTheBackupFailsAndThePodIsTakenBack() {
        Shop shop = shop("unschedulable", task -> Behaviour.SUCCEED);
        DatabaseBackup backup = backup(shop, "{nodeSelector: {no: such-node}}", "2s");

        assertThat(end(shop).failure().reason()).isEqualTo("Unschedulable");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(of(backup, Pod.class))
                        .as("Pods that could start later")
                        .isEmpty());
    }

    @Test
    void givenAServiceAccountThatIsNotAllowed_whenABackupIsMade_thenItWaitsAndNamesIt() {
        Shop shop = shop("not-allowed", task -> Behaviour.SUCCEED);
        DatabaseBackup backup = backup(shop, "{serviceAccountName: default}", "1m");

        awaitStalled(shop, "ServiceAccountNotAllowed", "default");
        assertThat(of(backup, Job.class)).isEmpty();
    }

    @Test
    void givenATemplateOfWhichNoJobCanBeMade_whenABackupIsMade_thenTheApplicationsFieldIsNamed() {
        Shop shop = shop("no-job", task -> Behaviour.SUCCEED);
        DatabaseBackup backup = backup(shop, "{resources: {limits: {memory: 1Gi}, requests: {memory: 2Gi}}}", "1m");

        String[] told = {"ManagedApplication no-job, spec.jobTemplate", "memory limit of 1Gi"};
        awaitStalled(shop, "InvalidSpec", told);
        await().atMost(SOON)
                .until(() -> stalled(shop.findApplication().getStatus().conditions(), "InvalidSpec", told));
        await().atMost(SOON).until(() -> stalled(shop.findPolicy().getStatus().conditions(), "InvalidSpec", told));
        assertThat(of(backup, Job.class)).isEmpty();

        shop.jobTemplate("""
                {"resources": {"requests": null}}""");

        assertThat(end(shop).phase()).isEqualTo(BackupPhase.SUCCEEDED);
        await().atMost(SOON)
                .until(() -> Conditions.find(shop.findPolicy().getStatus().conditions(), "Stalled")
                        .isEmpty());
    }

    @Test
    void givenAServiceAccountThatIsAllowed_whenABackupIsMade_thenItsPodRunsAsIt() {
        NAMESPACE.create(new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("runner")
                .addToLabels(Annotations.ALLOW_JOBS, "true")
                .endMetadata()
                .build());
        Shop shop = shop("allowed", task -> Behaviour.SUCCEED);
        shop.application("jobTemplate: {serviceAccountName: runner}");
        shop.policy("1m");
        DatabaseBackup backup = shop.backup();

        assertThat(end(shop).phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(of(backup, Pod.class))
                .extracting(pod -> pod.getSpec().getServiceAccountName())
                .containsExactly("runner");
    }

    @Test
    void givenAForeignJobOfTheNameThatIsNeeded_whenItIsDeleted_thenTheBackupGoesOn() {
        Shop shop = shop("foreign", task -> Behaviour.SUCCEED);
        shop.application("");
        // Without its policy the backup waits, and its name is known.
        DatabaseBackup backup = shop.backup();
        Job foreign = NAMESPACE.create(Serialization.unmarshal(
                """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: %s}
                spec:
                  suspend: true
                  template:
                    spec: {restartPolicy: Never, containers: [{name: other, image: other}]}
                """.formatted(Names.job(backup.getMetadata().getName(), uid(backup), 1, TaskKind.BACKUP, 1)),
                Job.class));
        shop.policy("1m");

        awaitStalled(shop, "ForeignJob");
        NAMESPACE.client().resource(foreign).delete();

        assertThat(end(shop).phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(shop.tasks()).containsExactly("backup 1");
    }

    @Test
    void givenRunNow_whenItsValueChanges_thenEachValueMakesOneBackup() {
        Shop shop = shop("run-now", task -> Behaviour.SUCCEED).open();

        shop.runNow("one");
        await().atMost(SOON).until(() -> succeeded(shop) == 1);
        shop.runNow("two");
        await().atMost(SOON).until(() -> succeeded(shop) == 2);

        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(shop.findPolicy().getStatus().lastRunNow()).isEqualTo("two"));
        assertThat(shop.findPolicy().getStatus().lastSuccess()).isNotNull();
        assertThat(shop.findPolicy().getStatus().consecutiveFailures()).isZero();
        assertThat(shop.backups()).hasSize(2);
    }

    @Test
    void givenARunningBackup_whenItIsCancelled_thenItsPodGoesItsPathIsSettledAndItSaysWhy() {
        Shop shop = shop("cancelled", task -> isFirstBackup(task) ? Behaviour.RUN_ON : Behaviour.SUCCEED)
                .open();
        DatabaseBackup backup = shop.backup();
        awaitRunning(shop);

        shop.annotateBackup(Annotations.CANCEL, "wrong database");

        DatabaseBackupStatus status = end(shop);
        assertThat(status.phase()).isEqualTo(BackupPhase.FAILED);
        assertThat(status.failure().reason()).isEqualTo("Cancelled");
        assertThat(status.failure().message()).contains("wrong database");
        assertThat(marks(status)).containsExactly(Mark.ABORTED);
        assertThat(shop.tasks()).containsExactly("backup 1", "settle 1");
        await().atMost(SOON)
                .until(() -> of(backup, Pod.class).stream()
                        .noneMatch(pod -> "Running".equals(pod.getStatus().getPhase())));
    }

    @Test
    void givenARunningBackup_whenItIsDeleted_thenItsJobAndPodGo() {
        Shop shop = shop("deleted", task -> Behaviour.RUN_ON).open();
        DatabaseBackup backup = shop.backup();
        awaitRunning(shop);

        NAMESPACE.client().resource(backup).delete();

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(of(backup, Job.class)).isEmpty();
            assertThat(of(backup, Pod.class)).isEmpty();
        });
    }

    private static Shop shop(String name, Function<Task, Behaviour> script) {
        SCRIPTS.put(name, script);
        return new Shop(NAMESPACE, name);
    }

    private static boolean isFirstBackup(Task task) {
        return task.kind() == TaskKind.BACKUP && task.attempt() == 1;
    }

    private static DatabaseBackupStatus end(Shop shop) {
        await().atMost(SOON).until(shop::finished);
        return shop.status().orElseThrow();
    }

    /** Begins a backup whose Pods are made by this template, in YAML. */
    private static DatabaseBackup backup(Shop shop, String jobTemplate, String pendingTimeout) {
        shop.application("jobTemplate: " + jobTemplate);
        shop.policy(pendingTimeout);
        return shop.backup();
    }

    /** Waits until the backup can't go on for this reason, with a message that tells all of these. */
    private static void awaitStalled(Shop shop, String reason, String... told) {
        await().atMost(SOON)
                .until(() -> shop.status()
                        .filter(status -> stalled(status.conditions(), reason, told))
                        .isPresent());
    }

    private static boolean stalled(List<Condition> conditions, String reason, String... told) {
        return Conditions.find(conditions, "Stalled")
                .filter(condition -> condition.status() == ConditionStatus.TRUE
                        && condition.reason().equals(reason)
                        && Stream.of(told).allMatch(condition.message()::contains))
                .isPresent();
    }

    private static void awaitRunning(Shop shop) {
        await().atMost(SOON)
                .until(() -> shop.status()
                        .filter(status -> status.phase() == BackupPhase.RUNNING)
                        .isPresent());
    }

    private static long succeeded(Shop shop) {
        return shop.backups().stream()
                .filter(backup ->
                        backup.getStatus() != null && backup.getStatus().phase() == BackupPhase.SUCCEEDED)
                .count();
    }

    /** What stands at the path of each attempt. */
    private static List<Mark> marks(DatabaseBackupStatus status) {
        return status.attempts().stream()
                .map(attempt -> runner.bucket().contents().get(attempt.path()))
                .toList();
    }

    private static <T extends HasMetadata> List<T> of(DatabaseBackup backup, Class<T> kind) {
        return NAMESPACE
                .all(kind)
                .withLabel(Annotations.OWNER_UID, uid(backup))
                .list()
                .getItems();
    }

    private static String uid(DatabaseBackup backup) {
        return backup.getMetadata().getUid();
    }
}
