package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.alert.ResolveReason;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.e2e.operator.AlertedPod;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From the Pod that fails to the server that is told, and back: with the operator, its rights and its measurements. */
@Tag("simulated")
class AlertStorySimulatedTest {

    private static final Duration LONG = AlertedPod.LONG;

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    @AutoClose
    private final AlertedPod pod = new AlertedPod(SHOPS.namespace(), "127.0.8.7");

    @Test
    void givenAPodThatFails_whenItIsMended_thenBothAreToldOnceAndTheRuleSaysSo() {
        pod.open("told");
        pod.watchHealth("told", ", severity: critical");
        pod.awaitState("told", AlertState.INACTIVE);

        pod.fail();
        pod.awaitState("told", AlertState.FIRING);
        await().atMost(LONG).untilAsserted(() -> assertThat(pod.told("told")).containsExactly("firing"));
        assertThat(pod.find("told").getMetadata().getFinalizers()).contains(Annotations.ALERT_FINALIZER);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(SHOPS.namespace()
                                .find(NotificationChannel.class, "told")
                                .getStatus()
                                .conditions())
                        .as("the channel has taken a message")
                        .anySatisfy(condition -> {
                            assertThat(condition.type()).isEqualTo("Delivering");
                            assertThat(condition.status()).isEqualTo(ConditionStatus.TRUE);
                        }));

        pod.work();
        await().atMost(LONG).untilAsserted(() -> assertThat(pod.told("told")).containsExactly("firing", "resolved"));
        pod.awaitState("told", AlertState.INACTIVE);
        await().atMost(LONG).untilAsserted(() -> {
            AlertRuleStatus status = pod.status("told");
            assertThat(status.notifications()).isEmpty();
            assertThat(status.lastResolved().reason()).isEqualTo(ResolveReason.RECOVERED);
            assertThat(pod.find("told").getMetadata().getFinalizers()).isEmpty();
        });
    }

    @Test
    void givenAnAlertThatFires_whenItsRuleIsDeleted_thenItsEndIsToldBeforeItGoes() {
        pod.open("gone");
        pod.fail();
        pod.watchHealth("gone", "");
        await().atMost(LONG).untilAsserted(() -> assertThat(pod.told("gone")).containsExactly("firing"));
        // What was taken is recorded before anything else is told.
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(pod.status("gone").notifications())
                        .singleElement()
                        .satisfies(line -> assertThat(line.triggeredAt()).isNotNull()));

        SHOPS.namespace().all(AlertRule.class).withName("gone").delete();

        await().atMost(LONG).until(() -> pod.find("gone") == null);
        assertThat(pod.told("gone")).containsExactly("firing", "resolved");
    }

    /** The health of the shop would keep it from being a release by itself; the age of its backup does not. */
    @Test
    void givenACriticalAlertThatFires_whenTheShopRuns_thenItIsNoReleaseUntilTheAlertHasEnded() {
        SHOPS.script("grave", task -> Behaviour.SUCCEED);
        pod.open("grave");
        Shop shop = new Shop(SHOPS.namespace(), "grave");
        shop.backup();
        await().atMost(LONG).until(() -> ScriptedShops.succeeded(shop) == 1);
        pod.rule(
                "grave",
                "metric: BackupAge, comparison: GreaterThan, threshold: {duration: 1s}, pendingFor: 0s, severity: critical");
        pod.awaitState("grave", AlertState.FIRING);
        patchApplication("grave", "{\"spec\": {\"releases\": {\"soakTime\": \"1s\"}}}");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(
                                shop.findApplication().getStatus().conditions())
                        .anySatisfy(condition -> {
                            assertThat(condition.type()).isEqualTo("RollbackReady");
                            assertThat(condition.message()).contains("AlertRule grave, severity critical, fires");
                        }));
        assertThat(shop.findApplication().getStatus().releases()).isEmpty();

        SHOPS.namespace().all(AlertRule.class).withName("grave").delete();

        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(shop.findApplication().getStatus().releases())
                                .hasSize(1));
    }

    /** The metrics API is not served here, which is a source that does not answer, and no load of the Pods. */
    @Test
    void givenNoMetricsServer_whenARuleWatchesTheProcessor_thenItIsUnknownAndSaysWhatToInstall() {
        pod.open("busy");
        pod.rule("busy", "metric: Cpu, comparison: GreaterThan, threshold: {percent: 80}");

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(pod.status("busy").conditions()).anySatisfy(condition -> {
                    assertThat(condition.type()).isEqualTo("Evaluated");
                    assertThat(condition.message()).contains("metrics.k8s.io is not served: install metrics-server");
                }));
        assertThat(pod.status("busy").state()).isEqualTo(AlertState.UNKNOWN);
    }

    private static void patchApplication(String name, String patch) {
        SHOPS.namespace()
                .all(ManagedApplication.class)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }
}
