package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.ModePhase;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.CheckedShop;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.ServedShop;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Runs that show the maintenance page, which does not outlive them. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class RunPageSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    private static final String STEPS = """
            {"steps": [
              {"name": "page", "maintenanceMode": {"enabled": true, "duration": "2h"}},
              {"name": "confirm", "manual": {"text": "Look."}},
              {"name": "front", "maintenanceMode": {"enabled": false}}]}""";

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @AutoClose
    private static OperatorProcess operator;

    @BeforeAll
    static void start() {
        operator = OperatorProcess.started(NAMESPACE.name());
    }

    @Test
    void givenOnAndOff_whenTheRunPasses_thenTheServiceLedToThePageMeanwhile() {
        ServedShop served = new ServedShop(NAMESPACE, "paged").open();
        CheckedShop shop = waiting("paged");

        assertThat(served.selector()).isEqualTo(served.toPage());
        MaintenanceMode mode = only("paged-run");
        assertThat(mode.getStatus().phase()).isEqualTo(ModePhase.ACTIVE);
        assertThat(shop.status("paged-run").undoCommand())
                .isEqualTo("kubectl delete maintenancemode "
                        + mode.getMetadata().getName() + " --namespace " + NAMESPACE.name());
        shop.annotate("paged-run", Annotations.APPROVE, "confirm@alice");
        MaintenanceRunStatus status = shop.finished("paged-run");

        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.PASSED);
        assertThat(served.selector()).isEqualTo(served.own());
        assertThat(modesOf("paged-run")).isEmpty();
    }

    @Test
    void givenThePageIsShown_whenTheRunIsDeleted_thenItGoesOnceTheServiceLeadsBack() {
        ServedShop served = new ServedShop(NAMESPACE, "gone").open();
        waiting("gone");
        NAMESPACE.all(MaintenanceRun.class).withName("gone-run").delete();

        await().atMost(SOON).until(() -> NAMESPACE.find(MaintenanceRun.class, "gone-run") == null);
        assertThat(served.selector()).isEqualTo(served.own());
        assertThat(modesOf("gone-run")).isEmpty();
    }

    private static CheckedShop waiting(String name) {
        CheckedShop shop = new CheckedShop(NAMESPACE, name, "127.0.0.1", 1);
        shop.runbook(STEPS).run(name + "-run", "");
        shop.awaitReason(name + "-run", "WaitingForApproval");
        return shop;
    }

    private static MaintenanceMode only(String run) {
        assertThat(modesOf(run)).hasSize(1);
        return modesOf(run).getFirst();
    }

    private static List<MaintenanceMode> modesOf(String run) {
        return NAMESPACE.list(MaintenanceMode.class).stream()
                .filter(mode -> mode.getMetadata().getName().startsWith(run + "-page-1-"))
                .toList();
    }
}
