package dev.mainstay.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.e2e.chaos.ChaosProxy;
import dev.mainstay.e2e.chaos.Fault;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.RestoredShop;
import dev.mainstay.e2e.runner.Behaviour;
import dev.mainstay.e2e.runner.FakeDatabases;
import dev.mainstay.e2e.runner.FakeRunner;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever happens to the operator in the middle of a restore, the database is whole and the application is back. */
@Tag("crash")
@Execution(ExecutionMode.CONCURRENT)
class RestoreCrashTest {

    /** More than it takes, disturbed or not. */
    private static final int MANY = 160;

    /** What it takes undisturbed, at most: some depend on what is seen first. */
    private static final int WRITES = 110;

    private static final Duration LONG = Duration.ofMinutes(12);
    private static final String SHOP = "shop";

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @Test
    void givenTheOperatorDiesBeforeAndAfterItsWrites_whenItComesBackEachTime_thenTheRestoreIsDone() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy);
                FakeRunner runner = runner(Behaviour.SUCCEED)) {
            proxy.onKill(operator::restart);
            RestoredShop shop = opened(operator, runner);
            DisturbedRun.killAtEachThirdWrite(proxy, MANY);
            succeeds(shop, runner);
        }
    }

    static Stream<Kill> everyWrite() {
        return IntStream.rangeClosed(1, WRITES)
                .boxed()
                .flatMap(number ->
                        Stream.of(new Kill(number, new Fault.KillBefore()), new Kill(number, new Fault.KillAfter())));
    }

    record Kill(int write, Fault fault) {}

    /** One run a write: it says which one is the weak point, and takes as many runs as it takes. */
    @ParameterizedTest
    @MethodSource("everyWrite")
    @EnabledIfSystemProperty(named = "chaos", matches = "all")
    void givenTheOperatorDiesAtOneWrite_whenItComesBack_thenTheRestoreIsDone(Kill kill) {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy);
                FakeRunner runner = runner(Behaviour.SUCCEED)) {
            proxy.onKill(operator::restart);
            RestoredShop shop = opened(operator, runner);
            proxy.atWrite(proxy.journal().size() + kill.write(), kill.fault());
            succeeds(shop, runner);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "chaos", matches = "all")
    void givenNoDisturbance_whenTheRestoreIsDone_thenItTookNoMoreWritesThanAreTried() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy);
                FakeRunner runner = runner(Behaviour.SUCCEED)) {
            RestoredShop shop = opened(operator, runner);
            int before = proxy.journal().size();
            succeeds(shop, runner);
            assertThat(proxy.journal().size() - before)
                    .as(() -> proxy.journal().toString())
                    .isBetween(WRITES / 2, WRITES);
        }
    }

    /** The swap's Pod dies too, when the database is closed. */
    @Test
    void givenTheSwapIsKilledBesideTheOperator_whenItComesBackEachTime_thenEverythingIsGivenBack() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy);
                FakeRunner runner = runner(Behaviour.KILLED_BEFORE_COMMIT)) {
            proxy.onKill(operator::restart);
            RestoredShop shop = opened(operator, runner);
            DisturbedRun.killAtEachThirdWrite(proxy, MANY);
            shop.restore("shop-1", "");
            RestoreRequestStatus status = shop.finished("shop-1", LONG);

            assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.FAILED);
            assertThat(runner.databases().contents()).isEqualTo(Map.of(SHOP, RestoredShop.OF_NOW));
            assertThat(shop.missing()).isEmpty();
        }
    }

    /** Each Pod that fills the database dies when it has committed, so that nobody is told. */
    @Test
    void givenAnEmptyDatabaseIsFilledAndNobodyIsTold_whenTheOperatorComesBackEachTime_thenTheRestoreIsDone() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy);
                FakeRunner runner = runner(TaskKind.RESTORE_INTO_EMPTY, Behaviour.KILLED_AFTER_COMMIT)) {
            proxy.onKill(operator::restart);
            RestoredShop shop = opened(operator, runner);
            runner.databases().put(SHOP, FakeDatabases.EMPTY);
            DisturbedRun.killAtEachThirdWrite(proxy, MANY);
            shop.restore("shop-1", ", mode: IntoEmpty");
            RestoreRequestStatus status = shop.finished("shop-1", LONG);

            assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.SUCCEEDED);
            assertThat(runner.databases().contents()).isEqualTo(Map.of(SHOP, FakeDatabases.OF_THE_BACKUP));
            assertThat(shop.missing()).isEmpty();
        }
    }

    @Test
    void givenTwoOperatorsAtOnce_whenBothWork_thenTheRestoreIsDoneOnce() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy);
                ChaosProxy second = DisturbedRun.proxy();
                OperatorProcess other = operator(second);
                FakeRunner runner = runner(Behaviour.SUCCEED)) {
            other.start();
            other.awaitReady();
            RestoredShop shop = opened(operator, runner);
            succeeds(shop, runner);
        }
    }

    private static void succeeds(RestoredShop shop, FakeRunner runner) {
        shop.restore("shop-1", "");
        RestoreRequestStatus status = shop.finished("shop-1", LONG);

        assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(runner.databases().contents())
                .isEqualTo(Map.of(
                        SHOP, FakeDatabases.OF_THE_BACKUP, status.previous().database(), RestoredShop.OF_NOW));
        assertThat(shop.missing()).isEmpty();
    }

    private FakeRunner runner(Behaviour ofTheSwap) {
        return runner(TaskKind.RESTORE_SWAP, ofTheSwap);
    }

    private FakeRunner runner(TaskKind kind, Behaviour behaviour) {
        return new FakeRunner(
                namespace.client(), namespace.name(), task -> task.kind() == kind ? behaviour : Behaviour.SUCCEED);
    }

    private OperatorProcess operator(ChaosProxy proxy) {
        return new OperatorProcess(proxy.uri(), namespace.name(), Map.of());
    }

    private RestoredShop opened(OperatorProcess operator, FakeRunner runner) {
        operator.start();
        operator.awaitReady();
        return new RestoredShop(namespace, runner.databases(), SHOP).open();
    }
}
