package dev.mainstay.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.e2e.chaos.ChaosProxy;
import dev.mainstay.e2e.chaos.Fault;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.CheckedShop;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.PodServers;
import dev.mainstay.e2e.operator.ScaledShop;
import dev.mainstay.e2e.runner.Behaviour;
import dev.mainstay.e2e.runner.FakeRunner;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever happens to the operator in the middle of a run: each step is done, and its backup is made once. */
@Tag("crash")
class MaintenanceRunCrashTest {

    /** More than it takes, disturbed or not. */
    private static final int MANY = 90;

    private static final Duration LONG = Duration.ofMinutes(10);

    /** The application names no health, so that the check could not check. */
    private static final String UNDONE = """
            {name: more, scale: {workload: %1$s, by: 1, ceiling: 10}}, {name: most, scale: {workload: %1$s, to: 4}},
              {name: look, httpCheck: {}, onFailure: Undo}""";

    private static final String HELD = """
            {name: more, scale: {workload: %1$s, to: 4}}, {name: confirm, manual: {text: Look.}},
              {name: less, scale: {workload: %1$s, restore: true}}""";

    private static final String POD = "127.0.8.2";

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @AutoClose
    private final PodServers servers = new PodServers(POD);

    @Test
    void givenTheOperatorDiesAtEachThirdWrite_whenItComesBackEachTime_thenTheRunPasses() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy);
                FakeRunner _ = runner()) {
            proxy.onKill(operator::restart);
            CheckedShop shop = opened(operator);
            int before = DisturbedRun.killAtEachThirdWrite(proxy, MANY);
            passes(shop);
            assertThat(proxy.journal().size() - before).as("writes").isBetween(15, MANY);
        }
    }

    @Test
    void givenTwoOperatorsAtOnce_whenBothWork_thenTheRunPassesOnce() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy);
                ChaosProxy second = DisturbedRun.proxy();
                OperatorProcess other = operator(second);
                FakeRunner _ = runner()) {
            other.start();
            other.awaitReady();
            passes(opened(operator));
        }
    }

    @Test
    void givenTheOperatorDiesAtEachThirdWrite_whenAStepFailsThatUndoes_thenAllIsGivenBack() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy)) {
            ScaledShop shop = scaled(operator, UNDONE);
            proxy.onKill(operator::restart);
            int before = DisturbedRun.killAtEachThirdWrite(proxy, MANY);
            isUndone(shop);
            assertThat(proxy.journal().size() - before).as("writes").isBetween(15, MANY);
        }
    }

    @Test
    void givenTheOperatorDiesAtOtherWrites_whenTheRunIsDeletedMeanwhile_thenAllIsGivenBack() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy)) {
            ScaledShop shop = scaled(operator, HELD);
            proxy.onKill(operator::restart);
            shop.begin().awaitReason("WaitingForApproval");
            int before = proxy.journal().size();
            for (int number = 1; number < MANY; number += 4) {
                proxy.atWrite(before + number, new Fault.KillAfter());
                proxy.atWrite(before + number + 2, new Fault.KillBefore());
            }
            namespace.all(MaintenanceRun.class).withName(shop.run()).delete();
            await().atMost(LONG).until(() -> shop.find().isEmpty());
            assertThat(shop.replicas()).isEqualTo(2);
            shop.holdsNothing();
        }
    }

    @Test
    void givenTwoOperatorsAtOnce_whenAStepFailsThatUndoes_thenAllIsGivenBack() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy);
                ChaosProxy second = DisturbedRun.proxy();
                OperatorProcess other = operator(second)) {
            ScaledShop shop = scaled(operator, UNDONE);
            other.start();
            other.awaitReady();
            isUndone(shop);
        }
    }

    /** Before it is written, and after that but before it is told. */
    @Test
    void givenTheOperatorDiesAtTheReport_whenItComesBackEachTime_thenThereIsOneThatSaysWhatTheStatusSays() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy);
                FakeRunner _ = runner()) {
            proxy.onKill(operator::restart);
            String maps = "/api/v1/namespaces/" + namespace.name() + "/configmaps";
            proxy.atTry("POST", maps, 1, new Fault.KillBefore());
            proxy.atTry("POST", maps, 2, new Fault.KillAfter());
            passes(opened(operator));
            assertThat(proxy.journal().stream()
                            .filter(write -> write.method().equals("POST")
                                    && write.path().equals(maps)))
                    .as("the two that were killed, and what found the ConfigMap made")
                    .hasSizeGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void givenEventsOfRunbooksComeLate_whenOneIsChangedJustBeforeARun_thenTheRunDoesTheNewSteps() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy)) {
            CheckedShop shop = opened(operator);
            proxy.delayEvents("runbooks", Duration.ofSeconds(5));
            shop.runbook("{\"steps\": [{\"name\": \"changed\", \"httpCheck\": {}}], \"finally\": null}")
                    .run("tuesday", "");

            assertThat(CheckedShop.outcomes(shop.finished("tuesday"))).isEqualTo(Map.of("changed", StepOutcome.PASSED));
        }
    }

    private ScaledShop scaled(OperatorProcess operator, String steps) {
        operator.start();
        operator.awaitReady();
        return new ScaledShop(namespace, "shop").open(steps, "");
    }

    private static void isUndone(ScaledShop shop) {
        MaintenanceRunStatus status = shop.begin().finished();

        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.COULD_NOT_CHECK);
        assertThat(status.steps()).extracting(RunStep::attempts).containsExactly(1, 1, 1);
        assertThat(status.steps()).extracting(RunStep::owes).containsOnly(false);
        assertThat(status.steps().get(1).message())
                .contains("was set from 3 to 4")
                .contains("has 3 again");
        assertThat(shop.replicas()).isEqualTo(2);
        shop.holdsNothing();
    }

    private void passes(CheckedShop shop) {
        shop.run("tuesday", "").awaitReason("tuesday", "WaitingForApproval");
        shop.annotate("tuesday", Annotations.APPROVE, "confirm@alice");
        MaintenanceRunStatus status = shop.finished("tuesday");

        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.PASSED);
        assertThat(CheckedShop.outcomes(status))
                .isEqualTo(Map.of(
                        "save", StepOutcome.PASSED,
                        "look", StepOutcome.PASSED,
                        "confirm", StepOutcome.PASSED,
                        "last", StepOutcome.PASSED));
        assertThat(status.steps()).extracting(RunStep::attempts).containsOnly(1);
        assertThat(namespace.list(DatabaseBackup.class)).hasSize(1);
        isReported(shop);
    }

    private void isReported(CheckedShop shop) {
        await().atMost(LONG).until(() -> shop.status("tuesday").report().configMap() != null);
        MaintenanceRunStatus status = shop.status("tuesday");
        assertThat(namespace.list(ConfigMap.class))
                .filteredOn(map -> map.getMetadata().getName().contains("-report-"))
                .singleElement()
                .satisfies(map -> {
                    assertThat(map.getMetadata().getName())
                            .isEqualTo(status.report().configMap());
                    assertThat(map.getData().get("report.md"))
                            .contains(
                                    "finished     " + status.completedAt() + "\n",
                                    status.report().comparison());
                });
    }

    private FakeRunner runner() {
        return new FakeRunner(namespace.client(), namespace.name(), task -> Behaviour.SUCCEED);
    }

    private OperatorProcess operator(ChaosProxy proxy) {
        return new OperatorProcess(proxy.uri(), namespace.name(), Map.of());
    }

    private CheckedShop opened(OperatorProcess operator) {
        operator.start();
        operator.awaitReady();
        return new CheckedShop(namespace, "shop", POD, servers.port()).open();
    }
}
