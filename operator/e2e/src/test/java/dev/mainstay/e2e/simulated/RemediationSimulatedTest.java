package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.RemediationAttempt;
import dev.mainstay.api.alert.RemediationOutcome;
import dev.mainstay.api.alert.RemediationStatus;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.operator.AlertedPod;
import dev.mainstay.e2e.operator.ShippedInstall;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An alert that fires has a Runbook run, once, and not when something stands against it. */
@Tag("simulated")
class RemediationSimulatedTest {

    private static final Duration LONG = AlertedPod.LONG;
    private static final String ACTS =
            ", remediation: {runbookRef: {name: %s}, cooldown: 5m, dryRun: false, approval: %s}";

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    @AutoClose
    private final AlertedPod pod = new AlertedPod(SHOPS.namespace(), "127.0.8.8");

    @Test
    void givenAnAlertThatFires_whenItsRunIsDoneAndTheValueIsGoodAgain_thenItSaysHealedAndNoOtherRunIsMade() {
        opened("healed");
        pod.fail();
        pod.watchHealth("healed", ACTS.formatted("healed", "None"));

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(runOutcomes("healed")).containsExactly(RunOutcome.PASSED));
        assertThat(pod.received()).anySatisfy(body -> assertThat(body).contains("Something is done."));
        // It has the time of the cooldown now, in which no other attempt is made.
        await().atMost(LONG)
                .until(() -> remediation("healed").attempts().getLast().finishedAt() != null);
        assertThat(outcome("healed")).isNull();
        pod.work();

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(outcome("healed"))
                        .as("%s", pod.status("healed"))
                        .isEqualTo(RemediationOutcome.HEALED));
        assertThat(pod.runs("healed")).hasSize(1);
        await().atMost(LONG).untilAsserted(() -> assertThat(pod.told("healed")).containsExactly("firing", "resolved"));
    }

    @Test
    void givenTheKillSwitch_whenAnAlertFires_thenNothingIsDoneUntilItIsGone() {
        opened("stopped");
        Resource<ConfigMap> killSwitch = ClusterClient.get()
                .client()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("mainstay-remediation")
                        .withNamespace(ShippedInstall.get().namespace())
                        .endMetadata()
                        .addToData("disabled", "since 3 pm, alice")
                        .build());
        killSwitch.create();
        try {
            pod.fail();
            pod.watchHealth("stopped", ACTS.formatted("stopped", "None"));
            await().atMost(LONG)
                    .untilAsserted(() ->
                            assertThat(remediation("stopped").blockedReason()).isEqualTo("RemediationDisabled"));
            assertThat(remediation("stopped").blockedMessage()).contains("since 3 pm, alice");
            assertThat(pod.runs("stopped")).isEmpty();
        } finally {
            killSwitch.delete();
        }

        await().atMost(LONG).until(() -> pod.runs("stopped").size() == 1);
    }

    @Test
    void givenARunThatWaitsForAPerson_whenTheAlertEnds_thenItIsCancelledAndNothingWasDone() {
        opened("asked");
        pod.fail();
        pod.watchHealth("asked", ACTS.formatted("asked", "Required"));
        await().atMost(LONG).until(() -> pod.runs("asked").size() == 1);
        MaintenanceRun run = pod.runs("asked").getFirst();
        assertThat(run.getSpec().approval()).isNotNull();
        // It has been seen to be there by its rule.
        await().atMost(LONG)
                .until(() -> remediation("asked").attempts().getLast().madeAt() != null);

        pod.work();

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(runOutcomes("asked")).containsExactly(RunOutcome.CANCELLED));
        assertThat(pod.runs("asked").getFirst().getMetadata().getAnnotations())
                .containsEntry(Annotations.CANCEL, "the alert has ended");
        await().atMost(LONG).untilAsserted(() -> assertThat(outcome("asked")).isEqualTo(RemediationOutcome.NOT_DONE));
        assertThat(pod.received()).noneMatch(body -> body.contains("Something is done."));
    }

    /** Unreachable is not unhealthy: nothing listens at the Pod's address any more, as behind a network policy. */
    @Test
    void givenAPodThatCannotBeReached_whenItsHealthIsWatched_thenItIsUnknownAndNothingIsDone() {
        opened("silent");
        pod.watchHealth("silent", ", noData: Alert, onError: Alert" + ACTS.formatted("silent", "None"));
        pod.awaitState("silent", AlertState.INACTIVE);

        pod.close();

        pod.awaitState("silent", AlertState.FIRING);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(remediation("silent").blockedReason())
                        .as("%s", pod.status("silent"))
                        .isEqualTo("NotMeasured"));
        assertThat(pod.runs("silent")).isEmpty();
    }

    private void opened(String name) {
        pod.open(name).runbook("""
                        {"steps": [{"name": "act", "notify": {"channel": "%s", "message": "Something is done."}}],
                         "finally": null}""".formatted(name));
    }

    private RemediationStatus remediation(String rule) {
        RemediationStatus status = pod.status(rule).remediation();
        return status == null ? RemediationStatus.NONE : status;
    }

    private RemediationOutcome outcome(String rule) {
        return remediation(rule).attempts().stream()
                .reduce((_, last) -> last)
                .map(RemediationAttempt::outcome)
                .orElse(null);
    }

    private List<RunOutcome> runOutcomes(String application) {
        return pod.runs(application).stream()
                .map(MaintenanceRun::getStatus)
                .map(status -> status == null ? null : status.outcome())
                .toList();
    }
}
