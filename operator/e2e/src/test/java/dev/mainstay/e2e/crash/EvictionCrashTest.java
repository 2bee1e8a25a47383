package dev.mainstay.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.e2e.chaos.ChaosProxy;
import dev.mainstay.e2e.chaos.Fault;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.EvictedPods;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.ScaledShop;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever happens to the operator in the middle of a step that evicts: no Pod that came in the place of another is evicted. */
@Tag("crash")
class EvictionCrashTest {

    /** More than it takes, disturbed or not. */
    private static final int MANY = 60;

    private static final String EVICT =
            "{name: evict, restart: {method: Eviction, workloads: [%1$s]}, timeout: 10m}, {name: look, manual: {text: Look.}}";

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @Test
    void givenTheOperatorDiesAtEachThirdWrite_whenAStepEvicts_thenEachPodIsReplacedOnce() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy)) {
            ScaledShop shop = opened(operator);
            try (EvictedPods pods = new EvictedPods(namespace, shop.web(), 2).budget("web", 1)) {
                proxy.onKill(operator::restart);
                int before = DisturbedRun.killAtEachThirdWrite(proxy, MANY);
                passes(shop, pods);
                assertThat(proxy.journal().size() - before).as("writes").isBetween(10, MANY);
            }
        }
    }

    /** The first request to evict each of them is a dry run, and the second one is done. */
    @Test
    void givenTheOperatorDiesAtAnEviction_whenItComesBackEachTime_thenEachPodIsReplacedOnce() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy)) {
            ScaledShop shop = opened(operator);
            try (EvictedPods pods = new EvictedPods(namespace, shop.web(), 2).budget("web", 1)) {
                proxy.onKill(operator::restart);
                List<String> paths = namespace.all(Pod.class).withLabel("app", shop.web()).list().getItems().stream()
                        .map(pod -> "/api/v1/namespaces/" + namespace.name() + "/pods/"
                                + pod.getMetadata().getName() + "/eviction")
                        .toList();
                paths.forEach(path -> proxy.atTry("POST", path, 2, new Fault.KillAfter()));
                passes(shop, pods);
                assertThat(paths)
                        .allSatisfy(path -> assertThat(proxy.journal())
                                .filteredOn(write -> write.path().equals(path))
                                .as("a dry run, and an eviction, whose answer nobody read")
                                .hasSize(2));
            }
        }
    }

    @Test
    void givenTwoOperatorsAtOnce_whenAStepEvicts_thenEachPodIsReplacedOnce() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy);
                ChaosProxy second = DisturbedRun.proxy();
                OperatorProcess other = operator(second)) {
            ScaledShop shop = opened(operator);
            try (EvictedPods pods = new EvictedPods(namespace, shop.web(), 2).budget("web", 1)) {
                other.start();
                other.awaitReady();
                passes(shop, pods);
            }
        }
    }

    private static void passes(ScaledShop shop, EvictedPods pods) {
        shop.begin().awaitReason("WaitingForApproval");
        pods.replacedOnce();
        MaintenanceRunStatus status = shop.status();
        assertThat(status.steps()).extracting(RunStep::attempts).containsExactly(1, 0);
        assertThat(status.outcome()).isNull();
        shop.annotate(Annotations.APPROVE, "look@alice");
        assertThat(shop.finished().outcome()).isEqualTo(RunOutcome.PASSED);
    }

    private ScaledShop opened(OperatorProcess operator) {
        operator.start();
        operator.awaitReady();
        return new ScaledShop(namespace, "shop").open(EVICT, "");
    }

    private OperatorProcess operator(ChaosProxy proxy) {
        return new OperatorProcess(proxy.uri(), namespace.name(), Map.of());
    }
}
