package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.MaintenanceScheduleStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.runbook.ScheduleRuns;
import dev.mainstay.e2e.operator.CheckedShop;
import dev.mainstay.e2e.operator.PodServers;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A schedule waits for real minutes here, once: all else of time is decided by tables. */
@Tag("simulated")
@Order(1)
class MaintenanceScheduleSimulatedTest {

    private static final Duration MINUTES = Duration.ofMinutes(4);
    private static final String POD = "127.0.8.2";

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    @AutoClose
    private static final PodServers SERVERS = new PodServers(POD);

    @Test
    void givenASchedule_whenItsMinutesCome_thenRunsAreMadeAndRemovedAndAFreezeSkipsThemButForAPerson() {
        CheckedShop shop = new CheckedShop(SHOPS.namespace(), "scheduled", POD, SERVERS.port());
        SHOPS.script("scheduled", task -> Behaviour.SUCCEED);
        shop.open().runbook("{\"steps\": [{\"name\": \"look\", \"httpCheck\": {}}], \"finally\": null}");
        create("scheduled", "schedule: '* * * * *', successfulHistoryLimit: 1");

        await().atMost(MINUTES)
                .until(() -> runs("scheduled").stream().anyMatch(MaintenanceScheduleSimulatedTest::passed));
        MaintenanceRun first = runs("scheduled").getFirst();
        Instant slot = ScheduleRuns.slot(first).orElseThrow();
        assertThat(first.getMetadata().getName()).isEqualTo(Names.slot("scheduled", slot));
        assertThat(first.getSpec().requestedBy()).startsWith("system:serviceaccount:");
        await("the second one takes the place of the first")
                .atMost(MINUTES)
                .until(() -> runs("scheduled").stream()
                        .noneMatch(run -> run.getMetadata()
                                .getUid()
                                .equals(first.getMetadata().getUid())));
        assertThat(status("scheduled").lastSuccess().outcome()).isEqualTo(RunOutcome.PASSED);
        assertThat(status("scheduled").missedRuns()).isZero();

        patch("scheduled", """
                {"spec": {"freezes": [{"name": "now", "from": "2026-01-01T00:00:00Z", "to": "2126-01-01T00:00:00Z"}]}}""");
        await().atMost(MINUTES)
                .until(() -> status("scheduled").skippedRuns().stream()
                        .anyMatch(skipped -> skipped.reason().equals("Frozen")));
        assertThat(status("scheduled").lastSkipped().message()).startsWith("Freeze now is active until 2126-01-01");
        patch("scheduled", "{\"metadata\": {\"annotations\": {\"%s\": \"now\"}}}".formatted(Annotations.RUN_NOW));
        await().atMost(ScriptedShops.SOON)
                .until(() -> runs("scheduled").stream()
                        .anyMatch(run ->
                                run.getMetadata().getName().equals(Names.runNow("scheduled", "now")) && passed(run)));
        await().atMost(ScriptedShops.SOON)
                .until(() -> "now".equals(status("scheduled").lastRunNow()));

        patch("scheduled", "{\"spec\": {\"suspend\": true}}");
        await().atMost(ScriptedShops.SOON)
                .until(() -> Shop.condition(status("scheduled").conditions(), "Ready")
                        .equals("TRUE/Suspended"));
    }

    @Test
    void givenAStepWithApproval_whenARunOfAScheduleReachesIt_thenAPersonLetsItGoOn() {
        CheckedShop shop = new CheckedShop(SHOPS.namespace(), "approved", POD, SERVERS.port());
        SHOPS.script("approved", task -> Behaviour.SUCCEED);
        shop.open().runbook("""
                {"steps": [{"name": "look", "httpCheck": {}, "approval": {"expiresAfter": "1h"}}], "finally": null}""");
        create("approved", "startingDeadline: 1h");
        patch("approved", "{\"metadata\": {\"annotations\": {\"%s\": \"now\"}}}".formatted(Annotations.RUN_NOW));
        String run = Names.runNow("approved", "now");
        await().atMost(ScriptedShops.SOON).until(() -> SHOPS.namespace().find(MaintenanceRun.class, run) != null);

        shop.awaitReason(run, "WaitingForApproval");
        await().atMost(ScriptedShops.SOON)
                .until(() -> run.equals(status("approved").active()));
        shop.annotate(run, Annotations.APPROVE, "look@alice");

        assertThat(shop.finished(run).outcome()).isEqualTo(RunOutcome.PASSED);
        await().atMost(ScriptedShops.SOON).until(() -> status("approved").active() == null);
        assertThat(status("approved").lastSuccess().name()).isEqualTo(run);
    }

    private static void create(String name, String spec) {
        SHOPS.namespace().create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceSchedule
                metadata: {name: %1$s}
                spec: {applicationRef: {name: %1$s}, runbookRef: {name: %1$s}, %2$s}
                """.formatted(name, spec), MaintenanceSchedule.class));
    }

    private static void patch(String name, String patch) {
        SHOPS.namespace()
                .all(MaintenanceSchedule.class)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    private static MaintenanceScheduleStatus status(String name) {
        return SHOPS.namespace().find(MaintenanceSchedule.class, name).getStatus();
    }

    private static List<MaintenanceRun> runs(String schedule) {
        return SHOPS.namespace()
                .all(MaintenanceRun.class)
                .withLabel(Annotations.SCHEDULE, schedule)
                .list()
                .getItems();
    }

    private static boolean passed(MaintenanceRun run) {
        return run.getStatus() != null && run.getStatus().outcome() == RunOutcome.PASSED;
    }
}
