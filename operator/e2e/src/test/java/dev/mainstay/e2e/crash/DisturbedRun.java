package dev.mainstay.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.e2e.chaos.ChaosProxy;
import dev.mainstay.e2e.chaos.Fault;
import dev.mainstay.e2e.chaos.Write;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.harness.Tls;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import dev.mainstay.e2e.runner.FakeBucket.Mark;
import dev.mainstay.e2e.runner.FakeRunner;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One story behind the chaos proxy: a policy is told to back up now, the first attempt's Pod dies without a word, its path
 * is settled, and the second attempt succeeds. Then two older backups, one of a slot and one made by hand, are removed as no
 * rule keeps them. An operator that was killed is started again, as a kubelet does.
 */
final class DisturbedRun implements AutoCloseable {

    static final String SHOP = "shop";

    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration STILL = Duration.ofSeconds(3);

    private final TestNamespace namespace;
    private final Shop shop;
    private final ChaosProxy proxy;
    private final OperatorProcess operator;
    private final FakeRunner runner;

    DisturbedRun(TestNamespace namespace) {
        this.namespace = namespace;
        this.shop = new Shop(namespace, SHOP);
        this.proxy = proxy();
        this.operator = operator(proxy);
        this.runner = new FakeRunner(namespace.client(), namespace.name(), DisturbedRun::story);
        proxy.onKill(operator::restart);
    }

    static ChaosProxy proxy() {
        ClusterClient cluster = ClusterClient.get();
        return new ChaosProxy(cluster.server(), Tls.trusting(cluster.certificateAuthority()));
    }

    /**
     * From now on the operator dies at each third write, before it and after it by turns.
     *
     * @return how many writes there were before
     */
    static int killAtEachThirdWrite(ChaosProxy proxy, int many) {
        int before = proxy.journal().size();
        for (int number = 1; number < many; number += 6) {
            proxy.atWrite(before + number, new Fault.KillBefore());
            proxy.atWrite(before + number + 3, new Fault.KillAfter());
        }
        return before;
    }

    OperatorProcess operator(ChaosProxy between) {
        return new OperatorProcess(between.uri(), namespace.name(), Map.of());
    }

    private static Behaviour story(Task task) {
        return task.kind() == TaskKind.BACKUP && task.attempt() == 1
                ? Behaviour.KILLED_BEFORE_COMMIT
                : Behaviour.SUCCEED;
    }

    ChaosProxy chaos() {
        return proxy;
    }

    OperatorProcess operator() {
        return operator;
    }

    /** Starts the operator, any others beside it, and then the story. */
    void begin(OperatorProcess... others) {
        // They are finished before an operator sees them.
        for (DatabaseBackup old :
                List.of(shop.stored("old", "2026-01-01T01:00:00Z"), shop.stored("old-by-hand", null))) {
            runner.bucket().put(old.getStatus().location(), Mark.MANIFEST);
        }
        List<OperatorProcess> all =
                Stream.concat(Stream.of(operator), Stream.of(others)).toList();
        all.forEach(OperatorProcess::start);
        all.forEach(OperatorProcess::awaitReady);
        shop.open();
        shop.policySpec("{\"retention\": {\"keepLast\": 1}}");
        shop.runNow("now");
    }

    /** Waits until the story has ended and a working operator writes nothing any more; what is left then. */
    EndState end() {
        await().atMost(LONGEST).pollInterval(Duration.ofMillis(100)).until(this::ended);
        Unchanged unchanged = new Unchanged(() -> EndState.versions(namespace));
        await().atMost(LONGEST)
                .during(STILL)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> operator.isAlive() && operator.isReady() && unchanged.sinceTheLastLook());
        return EndState.of(namespace, runner.bucket().contents());
    }

    /** Asserts that the run comes to the same as the undisturbed one. */
    void endsAs(EndState undisturbed) {
        EndState disturbed = end();
        String journal = proxy.journal().stream().map(Write::toString).collect(Collectors.joining("\n"));
        assertThat(disturbed).as("the writes were\n" + journal + "\n").isEqualTo(undisturbed);
    }

    private boolean ended() {
        List<DatabaseBackup> backups = shop.backups();
        return !backups.isEmpty()
                && backups.stream().map(DatabaseBackup::getStatus).allMatch(DisturbedRun::terminal)
                && backups.stream()
                        .noneMatch(backup -> backup.getMetadata().getName().equals("old"))
                && shop.findPolicy().getStatus().stored() != null
                && shop.findPolicy().getStatus().preflight() != null;
    }

    private static boolean terminal(DatabaseBackupStatus status) {
        return status != null && status.phase() != null && status.phase().terminal();
    }

    @Override
    public void close() {
        proxy.onKill(() -> {});
        operator.close();
        proxy.close();
        runner.close();
    }
}
