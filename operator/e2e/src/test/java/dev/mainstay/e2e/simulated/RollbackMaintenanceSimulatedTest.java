package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.ModePhase;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.RollingShop;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Rollbacks to what crashes, after which people are to see the maintenance page. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class RollbackMaintenanceSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private OperatorProcess operator;
    private RollingShop shop;

    @BeforeEach
    void deployWhatWillCrash() {
        operator = OperatorProcess.started(namespace.name());
        shop = new RollingShop(namespace, "shop").application("services: [{name: shop}]");
        namespace.create(new ServiceBuilder()
                .withNewMetadata()
                .withName("shop")
                .endMetadata()
                .withNewSpec()
                .withSelector(Map.of("app", shop.web()))
                .addNewPort()
                .withPort(80)
                .withTargetPort(new IntOrString(8080))
                .endPort()
                .endSpec()
                .build());
        shop.deploy("1.4.2", "schedulerName: nobody,");
        await().atMost(SOON).until(() -> shop.pods("1.4.2").size() == 2);
        shop.release("1.5.0");
    }

    @AfterEach
    void stop() {
        operator.close();
    }

    @Test
    void givenATargetThatCrashes_whenThePageIsWanted_thenItIsThereUntilAPersonTakesItOff() {
        RollbackRequestStatus status = roll();

        String name = status.maintenanceMode();
        String told = "MaintenanceMode " + name + " shows the maintenance page until a person takes it off"
                + " (kubectl delete maintenancemode " + name + " --namespace " + namespace.name() + "). Rollout ";
        assertThat(RollingShop.message(status)).contains(told);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(namespace.list(Event.class))
                        .anyMatch(event -> "VerifyFailed".equals(event.getReason())
                                && event.getNote().contains(told)));
        assertThat(shop.version(shop.web())).isEqualTo("1.4.2");
        assertThat(selector()).containsKey(Annotations.PAGE);

        namespace.all(RollbackRequest.class).withName("shop-1").delete();
        await().atMost(SOON).until(() -> shop.status("shop-1").isEmpty());
        MaintenanceMode mode = namespace.find(MaintenanceMode.class, name);
        assertThat(mode.getMetadata().getOwnerReferences()).isEmpty();
        assertThat(mode.getStatus().phase()).isEqualTo(ModePhase.ACTIVE);
        assertThat(mode.getStatus().endsAt()).isNull();

        shop.deploy("1.5.1");
        namespace.all(MaintenanceMode.class).withName(name).delete();
        await().atMost(SOON).until(() -> namespace.find(MaintenanceMode.class, name) == null);
        assertThat(selector()).containsExactly(Map.entry("app", shop.web()));
    }

    @Test
    void givenAModeThatAPersonMade_whenThePageIsWanted_thenItIsLeftAsItIsAndNamed() {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceMode
                metadata: {name: by-hand}
                spec: {applicationRef: {name: shop}, reason: we look at it}
                """, MaintenanceMode.class));
        await().atMost(SOON).until(() -> {
            MaintenanceMode mode = namespace.find(MaintenanceMode.class, "by-hand");
            return mode.getStatus() != null && mode.getStatus().phase() == ModePhase.ACTIVE;
        });

        RollbackRequestStatus status = roll();

        assertThat(RollingShop.message(status))
                .contains("MaintenanceMode by-hand, which was there before, shows the maintenance page until");
        assertThat(status.maintenanceMode()).isEqualTo("by-hand");
        assertThat(namespace.list(MaintenanceMode.class)).hasSize(1);
    }

    /** A quota is what anybody may put in the way. */
    @Test
    void givenTheApiServerTakesNoMode_whenThePageIsWanted_thenTheRollbackEndsAndSaysSo() {
        namespace.create(Serialization.unmarshal("""
                apiVersion: v1
                kind: ResourceQuota
                metadata: {name: none}
                spec: {hard: {count/maintenancemodes.mainstay.dev: "0"}}
                """, ResourceQuota.class));
        await().atMost(SOON)
                .until(() ->
                        namespace.find(ResourceQuota.class, "none").getStatus().getUsed() != null
                                && !namespace
                                        .find(ResourceQuota.class, "none")
                                        .getStatus()
                                        .getUsed()
                                        .isEmpty());

        RollbackRequestStatus status = roll();

        assertThat(RollingShop.message(status))
                .contains(
                        "The maintenance page is not shown, since the API server does not take MaintenanceMode shop-1-mode-")
                .contains("exceeded quota: none");
        assertThat(List.of(
                        namespace.list(MaintenanceMode.class).size(), selector().size()))
                .containsExactly(0, 1);
    }

    private RollbackRequestStatus roll() {
        shop.request("shop-1", "to: {version: 1.4.2}, allowUnverified: true, onFailure: MaintenanceMode");
        await().atMost(SOON).until(() -> shop.version(shop.web()).equals("1.4.2"));
        shop.crash("1.4.2", "CrashLoopBackOff");
        RollbackRequestStatus status = shop.awaitEnd("shop-1");
        assertThat(status.outcome()).as(RollingShop.message(status)).isEqualTo(RollbackOutcome.VERIFY_FAILED);
        return status;
    }

    private Map<String, String> selector() {
        return namespace.find(Service.class, "shop").getSpec().getSelector();
    }
}
