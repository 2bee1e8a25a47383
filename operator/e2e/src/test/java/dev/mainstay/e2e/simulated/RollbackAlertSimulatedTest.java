package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.rollback.CheckVerdict;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.api.rollback.VerificationCheck;
import dev.mainstay.e2e.operator.RollingShop;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rollbacks of an application whose critical alert fires: on the age of its backup, which no version changes. */
@Tag("simulated")
class RollbackAlertSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    @Test
    void givenACriticalAlert_whenARollbackIsVerified_thenItWaitsForItsEnd() {
        RollingShop shop = deployedBadlyWhileAnAlertFires("waits");
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(shop.findApplication().getStatus().firingAlerts())
                                .containsExactly("waits"));

        shop.request("waits-1", "");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(check(shop, "waits-1")).satisfies(check -> {
                    assertThat(check.verdict()).isEqualTo(CheckVerdict.NO_DATA);
                    assertThat(check.message()).startsWith("AlertRule waits, severity critical, fires since ");
                }));
        assertThat(shop.version(shop.web())).isEqualTo("1.4.2");
        assertThat(shop.status("waits-1").orElseThrow().phase()).isEqualTo(RollbackPhase.VERIFYING);

        SHOPS.namespace().all(AlertRule.class).withName("waits").delete();

        RollbackRequestStatus status = shop.awaitEnd("waits-1");
        await().atMost(SOON).until(() -> shop.findApplication().getStatus().firingAlerts() == null);
        assertThat(status.outcome()).as(RollingShop.message(status)).isEqualTo(RollbackOutcome.SUCCEEDED);
    }

    /** Nobody knows whether the target is to blame: it stays, and is not called a failure. */
    @Test
    void givenACriticalAlert_whenItFiresUntilTheTimeIsUp_thenTheRollbackIsInconclusiveAndNamesIt() {
        RollingShop shop = deployedBadlyWhileAnAlertFires("ends");

        shop.request("ends-1", "timeout: 20s");

        RollbackRequestStatus status = shop.awaitEnd("ends-1");
        assertThat(status.outcome()).as(RollingShop.message(status)).isEqualTo(RollbackOutcome.INCONCLUSIVE);
        assertThat(RollingShop.message(status))
                .contains("AlertRule ends, severity critical, fires since ", "kubectl describe alertrule ends");
        assertThat(shop.version(shop.web())).isEqualTo("1.4.2");
    }

    private static RollingShop deployedBadlyWhileAnAlertFires(String name) {
        SHOPS.script(name, task -> Behaviour.SUCCEED);
        RollingShop shop = new RollingShop(SHOPS.namespace(), name)
                .application("databases: [{name: main, postgres: {host: shop-db, database: shop,"
                        + " credentialsSecretRef: {name: shop-db}}}]");
        Shop backups = new Shop(SHOPS.namespace(), name);
        backups.policy("1m");
        backups.stored(name + "-old", null);
        shop.release("1.4.2");
        shop.deploy("1.5.0");
        SHOPS.namespace().create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: AlertRule
                metadata: {name: %1$s}
                spec:
                  applicationRef: {name: %1$s}
                  metric: BackupAge
                  comparison: GreaterThan
                  threshold: {duration: 1h}
                  severity: critical
                  pendingFor: 0s
                  interval: 5s
                """.formatted(name), AlertRule.class));
        await("the alert fires").atMost(SOON).until(() -> {
            AlertRule rule = SHOPS.namespace().find(AlertRule.class, name);
            return rule.getStatus() != null && rule.getStatus().state() == AlertState.FIRING;
        });
        return shop;
    }

    private static VerificationCheck check(RollingShop shop, String request) {
        return shop.status(request).orElse(RollbackRequestStatus.NONE).checks().stream()
                .filter(check -> "Alerts".equals(check.name()))
                .findFirst()
                .orElse(new VerificationCheck("Alerts", null, null, "there is no such check yet"));
    }
}
