package dev.mainstay.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.mode.ModePhase;
import dev.mainstay.api.mode.RedirectedService;
import dev.mainstay.core.naming.Names;
import dev.mainstay.e2e.chaos.ChaosProxy;
import dev.mainstay.e2e.chaos.Fault;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.ServedShop;
import dev.mainstay.e2e.operator.StoppableShop;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whatever happens to the operator in the middle of its work, the Services lead to the page, and back in the end. */
@Tag("crash")
@Execution(ExecutionMode.CONCURRENT)
class MaintenanceCrashTest {

    /** More than it takes, disturbed or not. */
    private static final int MANY = 120;

    private static final int MANY_TO_STOP = 240;

    private static final Duration LONG = Duration.ofMinutes(10);

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @Test
    void givenTheOperatorDiesBeforeAndAfterItsWrites_whenItComesBackEachTime_thenTheEndIsAsItShouldBe() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy)) {
            proxy.onKill(operator::restart);
            ServedShop shop = opened(operator);
            int before = proxy.journal().size();
            for (int number = 1; number < MANY; number += 4) {
                proxy.atWrite(before + number, new Fault.KillBefore());
                proxy.atWrite(before + number + 2, new Fault.KillAfter());
            }
            runThrough(shop);
            assertThat(proxy.journal().size() - before).as("writes").isBetween(10, MANY);
        }
    }

    /** The Service is changed, and nobody is left to tell. */
    @Test
    void givenTheOperatorDiesAfterItHasChangedAService_whenItComesBack_thenThatIsNotTakenForSomebodyElses() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy)) {
            proxy.onKill(operator::restart);
            ServedShop shop = opened(operator);
            String path = "/api/v1/namespaces/" + namespace.name() + "/services/shop";
            // The first try is a dry run, and each write is followed by a hand-over.
            for (int tried = 2; tried < 12; tried++) {
                proxy.atTry("PATCH", path, tried, new Fault.KillAfter());
            }
            runThrough(shop);
        }
    }

    @Test
    void givenAModeThatStops_whenTheOperatorDiesBeforeAndAfterItsWrites_thenAllIsAsItWas() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy)) {
            proxy.onKill(operator::restart);
            StoppableShop shop = stoppable(operator);
            int before = proxy.journal().size();
            // All changes are tried before the first is made, so that a death at each second write would let it never
            // come that far.
            for (int number = 1; number < MANY_TO_STOP; number += 10) {
                proxy.atWrite(before + number, new Fault.KillBefore());
                proxy.atWrite(before + number + 5, new Fault.KillAfter());
            }
            stopAndGiveBack(shop);
            assertThat(proxy.journal().size() - before).as("writes").isBetween(20, MANY_TO_STOP);
        }
    }

    /** The workload is changed, and nobody is left to tell. */
    @Test
    void givenTheOperatorDiesAfterItHasChangedAWorkload_whenItComesBack_thenThatIsNotTakenForSomebodyElses() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy)) {
            proxy.onKill(operator::restart);
            StoppableShop shop = stoppable(operator);
            String path = "/apis/apps/v1/namespaces/" + namespace.name() + "/deployments/shop";
            // The first try is a dry run, and after each write the field is let go of.
            for (int tried = 2; tried < 12; tried++) {
                proxy.atTry("PATCH", path, tried, new Fault.KillAfter());
            }
            stopAndGiveBack(shop);
        }
    }

    @Test
    void givenTwoOperatorsAtOnce_whenBothStop_thenAllIsAsItWas() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy);
                ChaosProxy second = DisturbedRun.proxy();
                OperatorProcess other = operator(second)) {
            other.start();
            other.awaitReady();
            stopAndGiveBack(stoppable(operator));
        }
    }

    @Test
    void givenTwoOperatorsAtOnce_whenBothWork_thenTheEndIsAsItShouldBe() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy);
                ChaosProxy second = DisturbedRun.proxy();
                OperatorProcess other = operator(second)) {
            other.start();
            other.awaitReady();
            runThrough(opened(operator));
        }
    }

    private OperatorProcess operator(ChaosProxy proxy) {
        return new OperatorProcess(proxy.uri(), namespace.name(), Map.of());
    }

    private ServedShop opened(OperatorProcess operator) {
        operator.start();
        operator.awaitReady();
        return new ServedShop(namespace, "shop").open();
    }

    private StoppableShop stoppable(OperatorProcess operator) {
        operator.start();
        operator.awaitReady();
        return new StoppableShop(namespace, "shop").open();
    }

    private static void stopAndGiveBack(StoppableShop shop) {
        ServedShop served = shop.served();
        served.enter("shop-1", "cut: Hard");
        await().atMost(LONG).until(() -> served.status("shop-1").phase() == ModePhase.ACTIVE);
        assertThat(shop.state()).isEqualTo("0 0 false");
        assertThat(shop.pods()).isEmpty();
        assertThat(served.status("shop-1").workloads())
                .extracting(line -> line.text() + " " + line.replicas() + " " + line.redone())
                .containsExactly("StatefulSet shop-db 1 0", "Deployment shop 2 0", "CronJob shop-nightly null 0");

        served.leave("shop-1");
        await().atMost(LONG).until(() -> served.mode("shop-1") == null);

        assertThat(shop.state()).isEqualTo("2 1 true");
        assertThat(shop.isOwned()).isFalse();
        assertThat(served.selector()).isEqualTo(served.own());
        assertThat(served.page()).isNull();
        shop.applyReplicas(2);
    }

    private static void runThrough(ServedShop shop) {
        shop.enter("shop-1", "");
        await().atMost(LONG).until(() -> shop.status("shop-1").phase() == ModePhase.ACTIVE);
        assertThat(shop.status("shop-1").services())
                .containsExactly(new RedirectedService("shop", "app=shop,track=stable", 0));
        assertThat(shop.leadsTo(Names.page("shop") + "-", 2)).isTrue();

        shop.leave("shop-1");
        await().atMost(LONG).until(() -> shop.mode("shop-1") == null);

        assertThat(shop.selector()).isEqualTo(shop.own());
        assertThat(shop.service().getMetadata().getAnnotations()).doesNotContainKey(Annotations.SELECTOR);
        assertThat(shop.managers()).contains("pipeline").doesNotContain("mainstay-mode");
        assertThat(shop.page()).isNull();
    }
}
