package dev.mainstay.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.AttachedBackups;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.task.StoredManifest;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult.CommittedBackup;
import dev.mainstay.e2e.chaos.ChaosProxy;
import dev.mainstay.e2e.chaos.Fault;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import dev.mainstay.e2e.runner.FakeRunner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Backups in the bucket that have no object each get one, and none is run, whatever becomes of the operator meanwhile. */
@Tag("crash")
@Execution(ExecutionMode.CONCURRENT)
class AttachCrashTest {

    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int MANY = 100;
    private static final Instant MADE = Instant.parse("2026-01-01T01:00:00Z");

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private final Set<TaskKind> tasks = ConcurrentHashMap.newKeySet();

    @Test
    void givenTheOperatorDiesAfterEachOfItsWrites_whenItComesBackEachTime_thenTheEndIsTheSame() {
        disturbed(IntStream.rangeClosed(1, MANY), new Fault.KillAfter(), 1);
    }

    @Test
    void givenTheOperatorDiesBeforeEverySecondOfItsWrites_whenItComesBackEachTime_thenTheEndIsTheSame() {
        disturbed(IntStream.rangeClosed(1, MANY).filter(number -> number % 2 == 1), new Fault.KillBefore(), 1);
    }

    @Test
    void givenTwoOperatorsAtOnce_whenBothWork_thenTheEndIsTheSame() {
        disturbed(IntStream.empty(), new Fault.KillAfter(), 2);
    }

    @Test
    void givenEventsOfPoliciesComeLate_whenAnAttachedObjectIsDeletedAtOnce_thenItStaysAway() {
        Shop shop = new Shop(namespace, "shop");
        try (FakeRunner runner = new FakeRunner(namespace.client(), namespace.name(), task -> Behaviour.SUCCEED);
                ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = new OperatorProcess(proxy.uri(), namespace.name(), Map.of())) {
            runner.listed(shop.name()).add(stored("lost", 1));
            operator.start();
            operator.awaitReady();
            proxy.delayEvents("backuppolicies", Duration.ofSeconds(3));
            shop.open();
            await().atMost(LONGEST)
                    .until(() ->
                            attached(shop).filter(done -> done.key() != null).isPresent());
            namespace.all(DatabaseBackup.class).withName("lost").delete();

            shop.runNow("told of everything before");

            await().atMost(LONGEST)
                    .until(() -> Optional.ofNullable(shop.findPolicy().getStatus())
                            .map(BackupPolicyStatus::lastRunNow)
                            .isPresent());
            assertThat(namespace.find(DatabaseBackup.class, "lost")).isNull();
        }
    }

    private void disturbed(IntStream writes, Fault fault, int operators) {
        Shop shop = new Shop(namespace, "shop");
        try (FakeRunner runner = new FakeRunner(namespace.client(), namespace.name(), task -> {
                    tasks.add(task.kind());
                    return Behaviour.SUCCEED;
                });
                ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = new OperatorProcess(proxy.uri(), namespace.name(), Map.of());
                ChaosProxy second = DisturbedRun.proxy();
                OperatorProcess other = new OperatorProcess(second.uri(), namespace.name(), Map.of())) {
            List<StoredManifest> stored = List.of(stored("lost", 3), stored("lost", 2), stored("older", 1));
            runner.listed(shop.name()).addAll(stored);
            proxy.onKill(operator::restart);
            writes.forEach(number -> proxy.atWrite(number, fault));
            List<OperatorProcess> all = operators == 1 ? List.of(operator) : List.of(operator, other);
            all.forEach(OperatorProcess::start);
            all.forEach(OperatorProcess::awaitReady);
            shop.open();

            await().atMost(LONGEST)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() ->
                            attached(shop).filter(done -> done.key() != null).isPresent());

            assertThat(attached(shop).orElseThrow().made()).isEqualTo(3);
            String place = "s3://backups/" + namespace.name() + "/shop/";
            assertThat(shop.backups())
                    .extracting(backup -> backup.getStatus().location())
                    .containsExactlyInAnyOrderElementsOf(stored.stream()
                            .map(found -> place + found.folder() + "/")
                            .toList());
            assertThat(shop.backups())
                    .extracting(backup -> backup.getMetadata().getName())
                    .containsExactlyInAnyOrder(
                            "lost", "shop-" + stored.get(1).folder().toLowerCase(), "older");
            assertThat(shop.backups())
                    .allSatisfy(backup -> assertThat(backup.getStatus().phase()).isEqualTo(BackupPhase.SUCCEEDED))
                    .allSatisfy(backup -> assertThat(from(backup))
                            .isEqualTo(backup.getStatus().location()));
            assertThat(tasks).doesNotContain(TaskKind.BACKUP);
            assertThat(shop.tasks()).isEmpty();
            proxy.onKill(() -> {});
        }
    }

    private static String from(DatabaseBackup backup) {
        return backup.getMetadata().getAnnotations().get(Annotations.ATTACHED_FROM);
    }

    private static Optional<AttachedBackups> attached(Shop shop) {
        return Optional.ofNullable(shop.findPolicy().getStatus()).map(BackupPolicyStatus::attached);
    }

    private static StoredManifest stored(String name, int number) {
        Instant at = MADE.plusSeconds(number);
        return new StoredManifest(
                at.toString().replaceAll("[-:]", "") + "-0badcaf" + number + "-1",
                name,
                "0badcaf" + number + "-0000-4000-8000-000000000001",
                1,
                MadeBy.PERSON,
                null,
                at,
                new CommittedBackup(
                        1 << 20, 1 << 10, "17.6", at, null, "0".repeat(64), at, VerificationLevel.CHECKSUM, at, null));
    }
}
