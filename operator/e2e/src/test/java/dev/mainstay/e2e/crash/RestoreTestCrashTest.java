package dev.mainstay.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.RestoreTestOutcome;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.e2e.chaos.ChaosProxy;
import dev.mainstay.e2e.chaos.Fault;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import dev.mainstay.e2e.runner.FakeRunner;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A restore test whose first Pod dies comes to the same end, whatever becomes of the operator meanwhile. */
@Tag("crash")
@Execution(ExecutionMode.CONCURRENT)
class RestoreTestCrashTest {

    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int MANY = 100;

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private final Set<String> databases = ConcurrentHashMap.newKeySet();

    private Behaviour story(Task task) {
        if (task.kind() != TaskKind.RESTORE_TEST) {
            return Behaviour.SUCCEED;
        }
        databases.add(task.restore().copy());
        return task.attempt() == 1 ? Behaviour.KILLED_BEFORE_COMMIT : Behaviour.SUCCEED;
    }

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

    private void disturbed(IntStream writes, Fault fault, int operators) {
        Shop shop = new Shop(namespace, "shop");
        try (FakeRunner runner = new FakeRunner(namespace.client(), namespace.name(), this::story);
                ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = new OperatorProcess(proxy.uri(), namespace.name(), Map.of());
                ChaosProxy second = DisturbedRun.proxy();
                OperatorProcess other = new OperatorProcess(second.uri(), namespace.name(), Map.of())) {
            proxy.onKill(operator::restart);
            writes.forEach(number -> proxy.atWrite(number, fault));
            // Finished before an operator sees it.
            shop.stored("old", null);
            List<OperatorProcess> all = operators == 1 ? List.of(operator) : List.of(operator, other);
            all.forEach(OperatorProcess::start);
            all.forEach(OperatorProcess::awaitReady);
            shop.open();
            shop.restoreTestIsDue();

            await().atMost(LONGEST).pollInterval(Duration.ofMillis(200)).until(() -> ended(shop));

            assertThat(jobs(shop)).containsExactlyInAnyOrder(name(shop, 1), name(shop, 2));
            assertThat(databases).hasSize(1).noneMatch(runner.databases()::has);
            proxy.onKill(() -> {});
        }
    }

    private boolean ended(Shop shop) {
        BackupPolicyStatus status = shop.findPolicy().getStatus();
        return status != null
                && status.lastRestoreTest() != null
                && status.lastRestoreTest().outcome() == RestoreTestOutcome.PASSED
                && status.restoreTest().running() == null
                && shop.backups().getFirst().getStatus().verified().level() == VerificationLevel.RESTORE_TEST
                && status.lastSuccess().verified() == VerificationLevel.RESTORE_TEST;
    }

    private List<String> jobs(Shop shop) {
        return namespace
                .all(Job.class)
                .withLabel(
                        Annotations.OWNER_UID, shop.findPolicy().getMetadata().getUid())
                .withLabel(Annotations.TASK, TaskKind.RESTORE_TEST.text())
                .list()
                .getItems()
                .stream()
                .map(job -> job.getMetadata().getName())
                .toList();
    }

    private static String name(Shop shop, int number) {
        return Names.restoreTest(
                shop.name(),
                shop.findPolicy().getMetadata().getUid(),
                shop.findPolicy().getStatus().lastRestoreTest().slot(),
                number);
    }
}
