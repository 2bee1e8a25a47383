package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.RollingShop;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Rollbacks of Deployments that others change at the same time, or whose last rollout stands still. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class RollbackRolloutSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String UNSCHEDULED = "schedulerName: nobody,";

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @AutoClose
    private static OperatorProcess operator;

    @BeforeAll
    static void start() {
        operator = OperatorProcess.started(NAMESPACE.name());
    }

    /** The controller of autoscalers looks every 15 seconds, and needs no metrics to get to the minimum. */
    @Test
    void givenAnAutoscalerThatScalesMidway_whenVerified_thenItsPodsCountAndStay() {
        RollingShop shop = released("midway", "1.4.2");
        shop.deploy("1.5.0");
        shop.request("midway-1", "", "45s");
        shop.awaitVerifying("midway-1");
        NAMESPACE.create(Serialization.unmarshal("""
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: midway}
                spec:
                  minReplicas: 4
                  maxReplicas: 5
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: midway-web}
                """, HorizontalPodAutoscaler.class));

        await().atMost(SOON).until(() -> shop.find(shop.web()).getSpec().getReplicas() == 4);
        assertThat(shop.awaitEnd("midway-1").outcome()).isEqualTo(RollbackOutcome.SUCCEEDED);

        assertThat(shop.find(shop.web()).getSpec().getReplicas()).isEqualTo(4);
        assertThat(shop.find(shop.web()).getStatus().getAvailableReplicas()).isEqualTo(4);
        assertThat(NAMESPACE
                        .find(HorizontalPodAutoscaler.class, "midway")
                        .getSpec()
                        .getMinReplicas())
                .isEqualTo(4);
    }

    @Test
    void givenOneReplicaThatMayNeverBeMissing_whenRolledBack_thenItNeverIs() {
        RollingShop shop = new RollingShop(NAMESPACE, "single").application();
        for (String version : new String[] {"1.4.2", "1.5.0"}) {
            shop.apply(shop.web(), version, "strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}", "");
            shop.apply(shop.worker(), version, "replicas: 1", "");
            shop.awaitRelease(version);
        }
        Set<Integer> available = ConcurrentHashMap.newKeySet();
        try (var informer = NAMESPACE.all(Deployment.class).withName(shop.web()).inform()) {
            informer.addEventHandler(new ResourceEventHandler<>() {
                @Override
                public void onAdd(Deployment seen) {
                    available.add(Objects.requireNonNullElse(seen.getStatus().getAvailableReplicas(), 0));
                }

                @Override
                public void onUpdate(Deployment before, Deployment seen) {
                    onAdd(seen);
                }

                @Override
                public void onDelete(Deployment seen, boolean unknown) {
                    available.add(0);
                }
            });
            shop.roll("single-1", "", RollbackOutcome.SUCCEEDED);
        }

        assertThat(shop.version(shop.web())).isEqualTo("1.4.2");
        assertThat(available).isNotEmpty().doesNotContain(0);
    }

    /** What an earlier rollout came to stands in the conditions until the next one gets somewhere (kubernaut issue 199). */
    @Test
    void givenARolloutThatItsControllerGaveUp_whenRolledBack_thenItsStaleConditionIsNobodysFailure() {
        RollingShop shop = released("stale", "1.4.2");
        shop.apply(shop.web(), "1.5.0", "progressDeadlineSeconds: 5", UNSCHEDULED);
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(shop.find(shop.web()).getStatus().getConditions())
                                .anySatisfy(condition ->
                                        assertThat(condition.getReason()).isEqualTo("ProgressDeadlineExceeded")));

        shop.roll("stale-1", "", RollbackOutcome.SUCCEEDED);

        assertThat(shop.version(shop.web())).isEqualTo("1.4.2");
    }

    /** As with Pods that crash all the time: nobody who writes under the version that they read ever gets through. */
    @Test
    void givenADeploymentWhoseStatusChangesTenTimesASecond_whenRolledBack_thenItIsWrittenOnceAndGivenBack() {
        RollingShop shop = released("storm", "1.4.2");
        shop.deploy("1.5.0");
        long before = shop.find(shop.web()).getMetadata().getGeneration();
        AtomicInteger changes = new AtomicInteger();
        try (ScheduledExecutorService storm = Executors.newScheduledThreadPool(2)) {
            for (String name : new String[] {shop.web(), shop.worker()}) {
                storm.scheduleAtFixedRate(() -> change(name, changes.incrementAndGet()), 0, 100, TimeUnit.MILLISECONDS);
            }
            await().atMost(SOON).until(() -> changes.get() > 20);
            shop.request("storm-1", "");
            // After that it is the Deployment controller that would never get through.
            shop.awaitVerifying("storm-1");
            storm.shutdownNow();
        }
        assertThat(shop.awaitEnd("storm-1").outcome()).isEqualTo(RollbackOutcome.SUCCEEDED);

        assertThat(shop.version(shop.web())).isEqualTo("1.4.2");
        assertThat(shop.version(shop.worker())).isEqualTo("1.4.2");
        assertThat(shop.find(shop.web()).getMetadata().getGeneration()).isEqualTo(before + 1);
        assertThat(shop.find(shop.web()).getMetadata().getManagedFields())
                .extracting(ManagedFieldsEntry::getManager)
                .doesNotContain("mainstay-rollback")
                .contains("storm");
    }

    private static void change(String deployment, int number) {
        NAMESPACE
                .all(Deployment.class)
                .withName(deployment)
                .subresource("status")
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.STRATEGIC_MERGE)
                                .withFieldManager("storm")
                                .build(),
                        "{\"status\":{\"conditions\":[{\"type\":\"Storm\",\"status\":\"True\",\"reason\":\"Storm\",\"message\":\"%d\"}]}}"
                                .formatted(number));
    }

    private static RollingShop released(String name, String version) {
        RollingShop shop = new RollingShop(NAMESPACE, name).application();
        shop.release(version);
        return shop;
    }
}
