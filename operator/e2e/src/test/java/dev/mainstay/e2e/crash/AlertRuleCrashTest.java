package dev.mainstay.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.RemediationAttempt;
import dev.mainstay.api.alert.RemediationOutcome;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.e2e.chaos.ChaosProxy;
import dev.mainstay.e2e.chaos.Fault;
import dev.mainstay.e2e.chaos.Write;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.AlertedPod;
import dev.mainstay.e2e.operator.OperatorProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever happens to the operator while an alert fires: something is done about it once, and its end is told. */
@Tag("crash")
class AlertRuleCrashTest {

    /** More than it takes, disturbed or not. */
    private static final int MANY = 90;

    /** So often a status is not written. */
    private static final int REFUSED = 5;

    private static final Duration LONG = Duration.ofMinutes(10);

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @AutoClose
    private final AlertedPod pod = new AlertedPod(namespace, "127.0.8.9");

    @Test
    void givenTheOperatorDiesAtEachThirdWrite_whenItComesBackEachTime_thenItIsDoneOnceAndTheEndIsTold() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy)) {
            proxy.onKill(operator::restart);
            opened(operator);
            int before = DisturbedRun.killAtEachThirdWrite(proxy, MANY);
            heals();
            assertThat(proxy.journal().size() - before).as("writes").isBetween(8, MANY);
        }
    }

    @Test
    void givenTwoOperatorsAtOnce_whenBothWork_thenItIsDoneOnceAndTheEndIsTold() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy);
                ChaosProxy second = DisturbedRun.proxy();
                OperatorProcess other = operator(second)) {
            other.start();
            other.awaitReady();
            opened(operator);
            heals();
        }
    }

    /** VictoriaMetrics/VictoriaMetrics pull request 10376: what can't be noted is told nevertheless, and once. */
    @Test
    void givenAnApiServerThatWritesNoStatusOfRules_whenAnAlertFires_thenItIsToldOnceAndItsEndToo() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy)) {
            opened(operator);
            String path = "/apis/mainstay.dev/v1alpha1/namespaces/" + namespace.name() + "/alertrules/shop/status";
            int before = (int) writes(proxy, path).count();
            for (int number = before + 1; number <= before + REFUSED; number++) {
                proxy.atTry("PATCH", path, number, new Fault.Answer(500));
            }

            pod.fail();
            await().atMost(LONG).until(() -> pod.told("shop").equals(List.of("firing")));
            assertThat(writes(proxy, path).skip(before))
                    .extracting(Write::status)
                    .containsOnly(500);
            pod.awaitState("shop", AlertState.FIRING);
            assertThat(writes(proxy, path).filter(write -> write.status() == 500))
                    .hasSize(REFUSED);
            pod.work();

            pod.awaitState("shop", AlertState.INACTIVE);
            await().atMost(LONG).until(() -> pod.status("shop").notifications().isEmpty());
            assertThat(pod.told("shop")).containsExactly("firing", "resolved");
        }
    }

    private static Stream<Write> writes(ChaosProxy proxy, String path) {
        return proxy.journal().stream().filter(write -> write.path().equals(path));
    }

    private void heals() {
        pod.fail();
        await().atMost(LONG).until(() -> pod.runs("shop").size() == 1);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(pod.runs("shop"))
                        .extracting(run ->
                                run.getStatus() == null ? null : run.getStatus().outcome())
                        .containsExactly(RunOutcome.PASSED));
        pod.work();
        await().atMost(LONG).untilAsserted(() -> {
            AlertRuleStatus status = pod.status("shop");
            assertThat(status.state()).as("%s", status).isEqualTo(AlertState.INACTIVE);
            assertThat(status.notifications()).as("what is still to be told").isEmpty();
            assertThat(status.remediation().attempts())
                    .extracting(RemediationAttempt::outcome)
                    .containsExactly(RemediationOutcome.HEALED);
            assertThat(pod.find("shop").getMetadata().getFinalizers()).isEmpty();
        });
        assertThat(pod.runs("shop")).hasSize(1);
        List<String> told = pod.told("shop");
        assertThat(told)
                .as("what may be told twice is told in order")
                .isSorted()
                .contains("firing", "resolved");
    }

    private void opened(OperatorProcess operator) {
        operator.start();
        operator.awaitReady();
        pod.open("shop").runbook("""
                {"steps": [{"name": "act", "notify": {"channel": "shop", "message": "Something is done."}}],
                 "finally": null}""");
        pod.watchHealth(
                "shop", ", remediation: {runbookRef: {name: shop}, cooldown: 5m, dryRun: false, approval: None}");
        pod.awaitState("shop", AlertState.INACTIVE);
    }

    private OperatorProcess operator(ChaosProxy proxy) {
        return new OperatorProcess(proxy.uri(), namespace.name(), Map.of());
    }
}
