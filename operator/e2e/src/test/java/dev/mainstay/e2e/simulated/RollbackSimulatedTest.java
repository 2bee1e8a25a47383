package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.rollback.HeldAutoscaler;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.RollingShop;
import dev.mainstay.e2e.operator.Shop;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Rollbacks of Deployments under the real controllers; their Pods are simulated. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class RollbackSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    /** Its Pods come up only as the test says. */
    private static final String UNSCHEDULED = "schedulerName: nobody,";

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @AutoClose
    private static OperatorProcess operator;

    @BeforeAll
    static void start() {
        operator = OperatorProcess.started(NAMESPACE.name());
    }

    @Test
    void givenABadRelease_whenARollbackIsAskedFor_thenAllGoesBackAndTheNextDeployMeetsNoConflict() {
        RollingShop shop = shop("main");
        shop.release("1.4.1");
        shop.release("1.4.2");
        NAMESPACE
                .all(Deployment.class)
                .withName(shop.web())
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"annotations\": {\"team\": \"shop\"}}}");
        shop.deploy("1.5.0");
        NAMESPACE.all(Deployment.class).withName(shop.worker()).scale(3);

        RollbackRequestStatus status = shop.roll("main-1", "", RollbackOutcome.SUCCEEDED);

        assertThat(shop.version(shop.web())).isEqualTo("1.4.2");
        assertThat(shop.version(shop.worker())).isEqualTo("1.4.2");
        assertThat(shop.find(shop.worker()).getSpec().getReplicas()).isEqualTo(3);
        assertThat(shop.find(shop.web()).getMetadata().getAnnotations())
                .containsEntry("team", "shop")
                .containsEntry(Annotations.ROLLED_BACK_BY, "main-1");
        assertThat(RollingShop.message(status))
                .startsWith("main 1.5.0 → 1.4.2 (main-web ")
                .contains("verified in");
        assertThat(status.release().version()).isEqualTo("1.4.2");
        assertThat(shop.find(shop.web()).getMetadata().getManagedFields())
                .extracting(ManagedFieldsEntry::getManager)
                .doesNotContain("mainstay-rollback")
                .contains("pipeline");
        await().atMost(SOON)
                .until(() -> NAMESPACE
                        .find(RollbackRequest.class, "main-1")
                        .getMetadata()
                        .getFinalizers()
                        .isEmpty());

        // Without force, and what only the target had goes with the next release.
        Deployment next = shop.apply(shop.web(), "1.5.1", "replicas: 2", "");
        assertThat(next.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getEnv())
                .extracting(variable -> variable.getName())
                .containsExactly("SINCE_1_5_1");
    }

    @Test
    void givenTwoRequestsAtOnce_whenTheFirstDoesIt_thenTheOtherWaitsAndChangesNothing() {
        RollingShop shop = shop("two");
        shop.release("1.4.1");
        shop.release("1.4.2");
        shop.deploy("1.5.0");
        shop.request("two-1", "");
        shop.request("two-2", "");

        List<RollbackOutcome> outcomes =
                List.of(shop.awaitEnd("two-1").outcome(), shop.awaitEnd("two-2").outcome());

        assertThat(outcomes).containsExactlyInAnyOrder(RollbackOutcome.SUCCEEDED, RollbackOutcome.NO_OP);
        assertThat(shop.version(shop.web())).isEqualTo("1.4.2");
    }

    /** Bad, left; the one before it, left too; and no history that the Deployments keep. */
    @Test
    void givenNoHistoryAndTwoBadOnesInARow_whenRolledBack_thenWhatWasLeftIsPassedOver() {
        RollingShop shop = shop("bad");
        for (String version : List.of("1.4.2", "1.5.0")) {
            shop.apply(shop.web(), version, "revisionHistoryLimit: 0", "");
            shop.apply(shop.worker(), version, "revisionHistoryLimit: 0", "");
            shop.awaitRelease(version);
        }
        shop.roll("bad-1", "", RollbackOutcome.SUCCEEDED);
        assertThat(shop.version(shop.web())).isEqualTo("1.4.2");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(shop.releases())
                        .filteredOn(release -> "1.5.0".equals(release.version()))
                        .singleElement()
                        .satisfies(release -> assertThat(release.markedBadBy()).isEqualTo("bad-1")));

        shop.apply(shop.web(), "1.6.0", "revisionHistoryLimit: 0", "");
        shop.apply(shop.worker(), "1.6.0", "revisionHistoryLimit: 0", "");
        shop.roll("bad-2", "", RollbackOutcome.SUCCEEDED);

        assertThat(shop.version(shop.web())).isEqualTo("1.4.2");
        assertThat(shop.version(shop.worker())).isEqualTo("1.4.2");
    }

    @Test
    void givenADryRun_whenItIsDone_thenTheDifferenceIsToldAndNothingChanged() {
        RollingShop shop = shop("dry");
        shop.release("1.4.2");
        shop.deploy("1.5.0");
        long generation = shop.find(shop.web()).getMetadata().getGeneration();

        RollbackRequestStatus status = shop.roll("dry-1", "dryRun: true", RollbackOutcome.SUCCEEDED);

        assertThat(status.workloads().getFirst().diff())
                .first()
                .isEqualTo("spec.containers[main].image: registry.invalid/shop:1.5.0 → registry.invalid/shop:1.4.2");
        assertThat(shop.find(shop.web()).getMetadata().getGeneration()).isEqualTo(generation);
        assertThat(NAMESPACE.find(RollbackRequest.class, "dry-1").getMetadata().getAnnotations())
                .isNullOrEmpty();
    }

    @Test
    void givenNothingVerified_whenRolledBack_thenOnlyARequestThatAllowsItUsesTheHistory() {
        RollingShop shop = shop("unverified");
        shop.deploy("1.4.2", UNSCHEDULED);
        await().atMost(SOON)
                .until(() -> shop.find(shop.web()).getMetadata().getAnnotations() != null
                        && "1"
                                .equals(shop.find(shop.web())
                                        .getMetadata()
                                        .getAnnotations()
                                        .get("deployment.kubernetes.io/revision")));
        shop.deploy("1.5.0", UNSCHEDULED);
        await().atMost(SOON)
                .until(() -> "2"
                        .equals(shop.find(shop.web())
                                .getMetadata()
                                .getAnnotations()
                                .get("deployment.kubernetes.io/revision")));

        assertThat(RollingShop.message(shop.roll("unverified-1", "", RollbackOutcome.NO_TARGET)))
                .contains("\"allowUnverified\":true");
        shop.request("unverified-2", "allowUnverified: true, timeout: 20s");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(shop.version(shop.web())).isEqualTo("1.4.2"));
        assertThat(shop.awaitEnd("unverified-2").outcome()).isEqualTo(RollbackOutcome.VERIFY_FAILED);
    }

    @Test
    void givenATargetThatCrashes_whenWhatRanBeforeIsToBePutBack_thenItIs() {
        RollingShop shop = shop("crash");
        shop.deploy("1.4.2", UNSCHEDULED);
        await().atMost(SOON).until(() -> shop.pods("1.4.2").size() == 2);
        shop.deploy("1.5.0");
        shop.awaitRelease("1.5.0");
        shop.request("crash-1", "to: {version: 1.4.2}, allowUnverified: true, onFailure: RestorePrevious");
        await().atMost(SOON).until(() -> shop.version(shop.web()).equals("1.4.2"));
        shop.crash("1.4.2", "CrashLoopBackOff");

        RollbackRequestStatus status = shop.awaitEnd("crash-1");

        assertThat(status.outcome()).isEqualTo(RollbackOutcome.VERIFY_FAILED);
        assertThat(RollingShop.message(status))
                .containsPattern(
                        "container main: CrashLoopBackOff \\(back-off\\)[.] Its last words: kubectl logs crash-web-[a-z0-9-]+"
                                + " --container main --previous --namespace " + NAMESPACE.name())
                .contains("What ran before is put back.");
        assertThat(shop.version(shop.web())).isEqualTo("1.5.0");
        assertThat(shop.version(shop.worker())).isEqualTo("1.5.0");
    }

    @Test
    void givenDeploymentsAtZero_whenRolledBack_thenNothingTellsWhetherItWorks() {
        RollingShop shop = shop("zero");
        shop.release("1.4.2");
        shop.deploy("1.5.0");
        NAMESPACE.all(Deployment.class).withName(shop.web()).scale(0);
        NAMESPACE.all(Deployment.class).withName(shop.worker()).scale(0);

        assertThat(RollingShop.message(shop.roll("zero-1", "", RollbackOutcome.INCONCLUSIVE)))
                .contains("is scaled to zero");
        assertThat(shop.version(shop.web())).isEqualTo("1.4.2");
    }

    @Test
    void givenAnAutoscaler_whenRolledBack_thenItKeepsWhatThereIsUntilTheEndAndNobodyMeetsAConflict() {
        RollingShop shop = shop("scaled");
        shop.release("1.4.2");
        shop.deploy("1.5.0");
        autoscaler("scaled", 1);
        shop.request("scaled-1", "", "5s");

        await().atMost(SOON).untilAsserted(() -> assertThat(minimum("scaled")).isEqualTo(2));
        assertThat(shop.awaitEnd("scaled-1").outcome()).isEqualTo(RollbackOutcome.SUCCEEDED);

        assertThat(minimum("scaled")).isEqualTo(1);
        assertThat(shop.status("scaled-1").orElseThrow().autoscalers())
                .singleElement()
                .extracting(HeldAutoscaler::name, HeldAutoscaler::minReplicas, HeldAutoscaler::held)
                .containsExactly("scaled", 1, 2);
        // Whoever applies it may change the field that was held.
        autoscaler("scaled", 2);
        assertThat(minimum("scaled")).isEqualTo(2);
    }

    /** What was held was given back when all was verified: what the field says since then is somebody else's. */
    @Test
    void givenAnAutoscalerThatIsRaisedAfterTheRollback_whenItsRequestIsDeleted_thenItStaysRaised() {
        RollingShop shop = shop("raised");
        shop.release("1.4.2");
        shop.deploy("1.5.0");
        shop.markAsFlux();
        autoscaler("raised", 1);
        shop.request("raised-1", "");
        await().atMost(SOON)
                .until(() -> shop.status("raised-1")
                        .filter(status -> status.phase() == RollbackPhase.HOLDING)
                        .isPresent());
        autoscaler("raised", 2);

        NAMESPACE.all(RollbackRequest.class).withName("raised-1").delete();
        await().atMost(SOON).until(() -> shop.status("raised-1").isEmpty());

        assertThat(minimum("raised")).isEqualTo(2);
    }

    private static void autoscaler(String name, int minimum) {
        HorizontalPodAutoscaler autoscaler =
                Serialization.unmarshal("""
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  minReplicas: %3$d
                  maxReplicas: 5
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: %1$s-web}
                """.formatted(name, NAMESPACE.name(), minimum), HorizontalPodAutoscaler.class);
        NAMESPACE
                .client()
                .resource(autoscaler)
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("pipeline")
                        .withForce(false)
                        .build());
    }

    private static int minimum(String name) {
        return NAMESPACE.find(HorizontalPodAutoscaler.class, name).getSpec().getMinReplicas();
    }

    @Test
    void givenAPausedDeployment_whenRolledBack_thenNothingIsChangedAndTheCommandIsTold() {
        RollingShop shop = shop("paused");
        shop.release("1.4.2");
        shop.deploy("1.5.0");
        shop.apply(shop.web(), "1.5.0", "paused: true", "");

        assertThat(RollingShop.message(shop.roll("paused-1", "", RollbackOutcome.BLOCKED)))
                .contains("kubectl rollout resume deployment/paused-web");
        assertThat(shop.version(shop.worker())).isEqualTo("1.5.0");
    }

    @Test
    void givenSomebodyWhoAppliesTheBadOneAgain_whenVerified_thenHeIsNamedAndNotFought() {
        RollingShop shop = shop("fight");
        shop.release("1.4.2");
        shop.deploy("1.5.0");
        shop.request("fight-1", "", "1h");
        await().atMost(SOON)
                .until(() -> shop.status("fight-1")
                        .filter(status -> status.phase() == RollbackPhase.VERIFYING)
                        .isPresent());

        shop.apply(shop.web(), "1.5.0", "replicas: 2", "");

        RollbackRequestStatus status = shop.awaitEnd("fight-1");
        assertThat(status.outcome()).isEqualTo(RollbackOutcome.REVERTED);
        assertThat(RollingShop.message(status)).contains("\"pipeline\"");
        assertThat(shop.version(shop.web())).isEqualTo("1.5.0");
        assertThat(shop.version(shop.worker())).isEqualTo("1.4.2");
    }

    @Test
    void givenADeploymentThatIsMadeAgain_whenItIsRolledBack_thenItIsLeftAlone() {
        RollingShop shop = shop("again");
        shop.release("1.4.2");
        shop.deploy("1.5.0");
        shop.request("again-1", "", "1h");
        await().atMost(SOON)
                .until(() -> shop.status("again-1")
                        .filter(status -> status.phase() == RollbackPhase.VERIFYING)
                        .isPresent());

        NAMESPACE.all(Deployment.class).withName(shop.web()).delete();
        await().atMost(SOON).until(() -> shop.find(shop.web()) == null);
        shop.apply(shop.web(), "1.6.0", "replicas: 2", "");

        RollbackRequestStatus status = shop.awaitEnd("again-1");
        assertThat(status.outcome()).isEqualTo(RollbackOutcome.FAILED);
        assertThat(RollingShop.message(status)).contains("was deleted, or made again");
        assertThat(shop.version(shop.web())).isEqualTo("1.6.0");
    }

    @Test
    void givenAConfigMapThatChanged_whenRolledBack_thenItIsAWarningOrARefusal() {
        RollingShop shop = shop("config");
        String settings = "settings";
        NAMESPACE.create(new ConfigMapBuilder()
                .withNewMetadata()
                .withName(settings)
                .endMetadata()
                .withData(Map.of("mode", "old"))
                .build());
        String mount = "volumes: [{name: settings, configMap: {name: settings}}],";
        shop.deploy("1.4.2", mount);
        shop.awaitRelease("1.4.2");
        NAMESPACE
                .all(ConfigMap.class)
                .withName(settings)
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\": {\"mode\": \"new\"}}");
        shop.deploy("1.5.0", mount);

        assertThat(RollingShop.message(shop.roll("config-1", "strictConfig: true", RollbackOutcome.BLOCKED)))
                .contains("ConfigMap settings has another content");
        assertThat(shop.roll("config-2", "", RollbackOutcome.SUCCEEDED).warnings())
                .contains("ConfigMap settings has another content than it had with the target.");
    }

    @Test
    void givenMoreReleasesThanAreKept_whenRecorded_thenTheOldestGo() {
        RollingShop shop = shop("many");
        for (int number = 1; number <= 12; number++) {
            shop.release("1." + number);
        }

        assertThat(shop.releases())
                .extracting(release -> release.version())
                .containsExactly("1.12", "1.11", "1.10", "1.9", "1.8", "1.7", "1.6", "1.5", "1.4", "1.3");
        assertThat(NAMESPACE
                        .all(ControllerRevision.class)
                        .withLabel(Annotations.RELEASE_OF, "many")
                        .list()
                        .getItems())
                .hasSize(10);
        assertThat(Shop.condition(shop.findApplication().getStatus().conditions(), "RollbackReady"))
                .isEqualTo("TRUE/ReleaseKept");
    }

    private static RollingShop shop(String name) {
        return new RollingShop(NAMESPACE, name).application();
    }
}
