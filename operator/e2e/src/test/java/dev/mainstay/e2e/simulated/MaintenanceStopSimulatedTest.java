package dev.mainstay.e2e.simulated;

import static dev.mainstay.e2e.operator.ServedShop.condition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.api.mode.ModePhase;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.naming.Names;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.RollingShop;
import dev.mainstay.e2e.operator.ServedShop;
import dev.mainstay.e2e.operator.StoppableShop;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Maintenance modes that stop an application, with its real controllers and Pods that are simulated. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class MaintenanceStopSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @AutoClose
    private static OperatorProcess operator;

    @BeforeAll
    static void start() {
        operator = OperatorProcess.started(NAMESPACE.name());
    }

    @Test
    void givenAHardCut_whenItIsActive_thenNothingRunsAndAtItsEndAllIsAsItWas() {
        StoppableShop shop = new StoppableShop(NAMESPACE, "hard").open();
        ServedShop served = shop.served();
        served.enter("hard-1", "cut: Hard");
        MaintenanceModeStatus status = served.awaitPhase("hard-1", ModePhase.ACTIVE);

        assertThat(shop.pods()).isEmpty();
        assertThat(shop.state()).isEqualTo("0 0 false");
        assertThat(shop.isOwned()).isFalse();
        assertThat(status.workloads())
                .extracting(line -> line.text() + " " + line.replicas() + " " + line.suspend() + " " + line.redone())
                .containsExactly(
                        "StatefulSet hard-db 1 null 0",
                        "Deployment hard 2 null 0",
                        "CronJob hard-nightly null false 0");
        assertThat(condition(status, "Active"))
                .endsWith(". Stopped: StatefulSet hard-db, Deployment hard, CronJob hard-nightly.");
        assertThat(status.claim()).as("others may work on the workloads").isNull();
        assertThat(status.undoCommand())
                .isEqualTo("kubectl scale statefulset hard-db --replicas 1 --namespace %1$s".formatted(NAMESPACE.name())
                        + " && kubectl scale deployment hard --replicas 2 --namespace %1$s".formatted(NAMESPACE.name())
                        + " && kubectl patch cronjob hard-nightly --patch '{\"spec\":{\"suspend\":false}}' --namespace %s"
                                .formatted(NAMESPACE.name())
                        + " && kubectl set selector service hard 'app=hard,track=stable' --namespace "
                        + NAMESPACE.name());

        served.leave("hard-1");
        await().atMost(SOON).until(() -> served.selector().equals(served.own()));
        assertThat(shop.state()).isEqualTo("2 1 true");
        assertThat(shop.deployment().getStatus().getReadyReplicas())
                .as("the application is ready before it is led back to")
                .isEqualTo(2);
        served.awaitGone("hard-1");

        assertThat(shop.isOwned()).isFalse();
        shop.applyReplicas(3);
        assertThat(shop.state()).isEqualTo("3 1 true");
    }

    @Test
    void givenNamesToStop_whenItIsActive_thenTheOthersRunOn() {
        StoppableShop shop = new StoppableShop(NAMESPACE, "named").open();
        shop.served().enter("named-1", "cut: Hard, stopWorkloads: [named-nightly, named]");
        shop.served().awaitPhase("named-1", ModePhase.ACTIVE);

        assertThat(shop.state()).isEqualTo("0 1 false");
        shop.served().leave("named-1");
        shop.served().awaitGone("named-1");
        assertThat(shop.state()).isEqualTo("2 1 true");
    }

    @Test
    void givenAStrangerWhoScalesItUp_whenItWasRedoneThreeTimes_thenItIsLeftAndTheManagerNamed() {
        StoppableShop shop = new StoppableShop(NAMESPACE, "fought").open();
        ServedShop served = shop.served();
        served.enter("fought-1", "cut: Hard");
        served.awaitPhase("fought-1", ModePhase.ACTIVE);

        await().atMost(SOON).until(() -> {
            // Between the write and the moment at which the field is let go of, an apply without force would meet a
            // conflict.
            if (shop.deployment().getSpec().getReplicas() == 0 && !shop.isOwned()) {
                shop.applyReplicas(3);
            }
            return condition(served.status("fought-1"), "Stalled").startsWith("TRUE Reverted");
        });
        MaintenanceModeStatus status = served.status("fought-1");
        assertThat(condition(status, "Stalled"))
                .contains("Deployment fought has 3 replicas again", "\"pipeline\"", "was overruled 3 times");
        assertThat(condition(status, "Active")).startsWith("FALSE Reverted");
        assertThat(shop.state()).isEqualTo("3 0 false");

        served.leave("fought-1");
        await().atMost(SOON)
                .until(() -> served.status("fought-1").warnings().stream()
                        .anyMatch(warning ->
                                warning.startsWith("Deployment fought is left as it is: it has 3 replicas")));
        served.awaitGone("fought-1");
        assertThat(shop.state()).isEqualTo("3 1 true");
    }

    @Test
    void givenTwoModes_whenTheFirstEnds_thenItStaysStoppedUntilTheSecondDoes() {
        StoppableShop shop = new StoppableShop(NAMESPACE, "joined").open();
        ServedShop served = shop.served();
        served.enter("joined-1", "cut: Hard, stopWorkloads: [joined]");
        served.awaitPhase("joined-1", ModePhase.ACTIVE);
        served.enter("joined-2", "cut: Hard");
        served.awaitPhase("joined-2", ModePhase.ACTIVE);
        served.leave("joined-1");
        served.awaitGone("joined-1");

        assertThat(shop.state()).isEqualTo("0 0 false");
        assertThat(served.status("joined-2").workloads())
                .extracting(StoppedWorkload::replicas)
                .containsExactly(1, 2, null);
        served.leave("joined-2");
        served.awaitGone("joined-2");
        assertThat(shop.state()).isEqualTo("2 1 true");
    }

    @Test
    void givenARollbackThatWorks_whenAModeWouldStop_thenItWaitsForItsTurn() {
        RollingShop rolling = new RollingShop(NAMESPACE, "claimed").application("services: [{name: claimed}]");
        NAMESPACE.create(Serialization.unmarshal("""
                apiVersion: v1
                kind: Service
                metadata: {name: claimed}
                spec: {selector: {app: claimed-web}, ports: [{name: http, port: 80, targetPort: 8080}]}
                """, Service.class));
        rolling.release("1.0.0");
        rolling.release("1.1.0");
        rolling.request("claimed-rollback", "", "1h");
        rolling.awaitVerifying("claimed-rollback");
        ServedShop served = new ServedShop(NAMESPACE, "claimed");

        served.enter("claimed-1", "cut: Hard");
        await().atMost(SOON)
                .until(() -> condition(served.status("claimed-1"), "Reconciling")
                        .startsWith("TRUE Claimed: RollbackRequest claimed-rollback works on the workloads"));
        assertThat(served.leadsTo(Names.page("claimed") + "-", 2))
                .as("the page does not wait")
                .isTrue();
        assertThat(rolling.find(rolling.web()).getSpec().getReplicas()).isEqualTo(2);
        assertThat(served.status("claimed-1").claim().waitingFor().name()).isEqualTo("claimed-rollback");

        NAMESPACE
                .all(RollbackRequest.class)
                .withName("claimed-rollback")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"" + Annotations.CANCEL + "\":\"enough\"}}}");
        served.awaitPhase("claimed-1", ModePhase.ACTIVE);
        assertThat(rolling.find(rolling.web()).getSpec().getReplicas()).isZero();
        await().atMost(SOON)
                .until(() -> NAMESPACE
                        .find(ManagedApplication.class, "claimed")
                        .getStatus()
                        .operations()
                        .isEmpty());
        served.leave("claimed-1");
        served.awaitGone("claimed-1");
        assertThat(rolling.find(rolling.web()).getSpec().getReplicas()).isEqualTo(2);
    }

    @Test
    void givenWhatCanNotBeStopped_whenAModeWouldStopIt_thenNothingIsChangedAndItSaysWhy() {
        StoppableShop shop = new StoppableShop(NAMESPACE, "refused").open();
        ServedShop served = shop.served();
        served.enter("refused-1", "cut: Hard, stopWorkloads: [refused, refused-wrong]");
        autoscaler(
                "refused",
                "ownerReferences: [{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, name: refused-so, uid: so}]",
                1);
        served.enter("refused-2", "cut: Hard");

        await().atMost(SOON)
                .until(() -> condition(served.status("refused-1"), "Stalled")
                        .startsWith(
                                "TRUE WorkloadNotFound: spec.stopWorkloads names refused-wrong, which is not among"));
        await().atMost(SOON)
                .until(() -> condition(served.status("refused-2"), "Stalled")
                        .startsWith("TRUE WorkloadUnsuitable: Deployment refused is scaled by KEDA's ScaledObject"
                                + " refused-so"));
        assertThat(served.page()).isNull();
        assertThat(shop.state()).isEqualTo("2 1 true");
        served.leave("refused-1");
        served.leave("refused-2");
        served.awaitGone("refused-1");
        served.awaitGone("refused-2");
    }

    /** At zero replicas it does nothing, and when there are some again it goes on from what it had come to. */
    @Test
    void givenAnAutoscaler_whenItsDeploymentIsStoppedAndGivenBack_thenItNeedsNoChange() {
        StoppableShop shop = new StoppableShop(NAMESPACE, "scaled").open();
        ServedShop served = shop.served();
        autoscaler("scaled", "labels: {app: scaled}", 2);
        shop.scale(3);
        await().atMost(SOON)
                .until(() -> NAMESPACE
                                .all(Pod.class)
                                .withLabel("app", "scaled")
                                .list()
                                .getItems()
                                .size()
                        == 3);
        served.enter("scaled-1", "cut: Hard");
        served.awaitPhase("scaled-1", ModePhase.ACTIVE);

        await().atMost(SOON)
                .until(() ->
                        NAMESPACE.find(HorizontalPodAutoscaler.class, "scaled").getStatus().getConditions().stream()
                                .anyMatch(condition -> "ScalingDisabled".equals(condition.getReason())));
        assertThat(shop.state()).isEqualTo("0 0 false");
        served.leave("scaled-1");
        served.awaitGone("scaled-1");
        assertThat(shop.state()).isEqualTo("3 1 true");
        assertThat(served.status("scaled-1").warnings()).isEmpty();
    }

    private static void autoscaler(String deployment, String metadata, int minimum) {
        NAMESPACE.create(
                Serialization.unmarshal("""
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: %1$s, %2$s}
                spec:
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: %1$s}
                  minReplicas: %3$d
                  maxReplicas: 5
                """.formatted(deployment, metadata, minimum), HorizontalPodAutoscaler.class));
    }
}
