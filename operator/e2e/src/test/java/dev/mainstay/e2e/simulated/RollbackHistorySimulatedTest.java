package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.RollingShop;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Where a rollback goes, by histories that other programs have gone wrong with. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class RollbackHistorySimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    /** Its Pods never come up: nothing of it is seen to work. */
    private static final String UNSCHEDULED = "schedulerName: nobody,";

    private static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String LOOK = "dryRun: true, allowUnverified: true";

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @AutoClose
    private static OperatorProcess operator;

    @BeforeAll
    static void start() {
        operator = OperatorProcess.started(NAMESPACE.name());
    }

    @Test
    void givenOneRevision_whenRolledBack_thenThereIsNoTargetAndThatIsNoError() {
        RollingShop shop = history("one", "1.5.0");

        assertThat(RollingShop.message(shop.roll("one-1", "", RollbackOutcome.NO_TARGET)))
                .startsWith("No release of one that no rollback went away from was seen to work.");
        assertThat(RollingShop.message(shop.roll("one-2", LOOK, RollbackOutcome.NO_TARGET)))
                .contains("has no earlier state either that differs from what runs now");
        assertThat(RollingShop.message(
                        shop.roll("one-3", "workloads: [one-web], to: {revision: 7}", RollbackOutcome.NO_TARGET)))
                .isEqualTo("Deployment one-web has no revision 7: there are 1 (registry.invalid/shop:1.5.0).");
    }

    @Test
    void givenMoreThanTenRevisions_whenRolledBack_thenElevenComesAfterNine() {
        RollingShop shop = history(
                "eleven",
                IntStream.rangeClosed(1, 12)
                        .mapToObj(number -> "1." + number + ".0")
                        .toArray(String[]::new));

        RollbackRequestStatus status = shop.roll("eleven-1", LOOK, RollbackOutcome.SUCCEEDED);

        assertThat(status.workloads().getFirst().to().revision()).isEqualTo("11");
        assertThat(status.to()).isEqualTo("1.11.0");
    }

    @Test
    void givenAReplicaSetWithoutARevision_whenRolledBack_thenItIsPassedOverAndStillFoundByItsVersion() {
        RollingShop shop = history("unnumbered", "1.4.1", "1.4.2", "1.5.0");
        removeRevision(shop, "1.4.2");

        RollbackRequestStatus previous = shop.roll("unnumbered-1", LOOK, RollbackOutcome.SUCCEEDED);
        RollbackRequestStatus named = shop.roll(
                "unnumbered-2",
                LOOK + ", workloads: [unnumbered-web], to: {version: 1.4.2}",
                RollbackOutcome.SUCCEEDED);

        assertThat(previous.workloads().getFirst().to().version()).isEqualTo("1.4.1");
        assertThat(named.workloads().getFirst().to().version()).isEqualTo("1.4.2");
        assertThat(named.workloads().getFirst().to().revision()).isNull();
    }

    @Test
    void givenARestartAlone_whenRolledBack_thenTheReleaseBeforeItIsTakenAndNotWhatRunsWithoutTheRestart() {
        RollingShop shop = new RollingShop(NAMESPACE, "restarted").application();
        shop.release("1.4.1");
        shop.release("1.4.2");
        NAMESPACE
                .all(Deployment.class)
                .withName(shop.web())
                .patch(
                        PatchContext.of(PatchType.STRATEGIC_MERGE),
                        "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"kubectl.kubernetes.io/restartedAt\":\"now\"}}}}}");
        awaitRevision(shop, 3);

        shop.roll("restarted-1", "", RollbackOutcome.SUCCEEDED);

        assertThat(shop.version(shop.web())).isEqualTo("1.4.1");
    }

    @Test
    void givenWhatIsAskedForRunsAlready_whenRolledBack_thenNothingIsDone() {
        RollingShop shop = new RollingShop(NAMESPACE, "same").application();
        shop.release("1.4.2");

        assertThat(RollingShop.message(shop.roll("same-1", "to: {version: 1.4.2}", RollbackOutcome.NO_OP)))
                .isEqualTo(
                        "What was asked for is deployed already: same-web 1.4.2, same-worker 1.4.2. Nothing was changed.");
    }

    /** fabric8 and others list by labels alone, and go back to what another Deployment ran. */
    @Test
    void givenAnotherDeploymentWithTheSameLabels_whenRolledBack_thenItsReplicaSetsAreNoTarget() {
        RollingShop shop = history("overlap", "1.4.2", "1.5.0");
        Deployment web = shop.find(shop.web());
        NAMESPACE.create(new DeploymentBuilder(web)
                .withNewMetadata()
                .withName("overlap-other")
                .endMetadata()
                .editSpec()
                .editTemplate()
                .editMetadata()
                .addToLabels("app.kubernetes.io/version", "9.9.9")
                .endMetadata()
                .endTemplate()
                .endSpec()
                .withStatus(null)
                .build());
        await().atMost(SOON)
                .until(() -> NAMESPACE
                                .all(ReplicaSet.class)
                                .withLabel("app", shop.web())
                                .list()
                                .getItems()
                                .size()
                        == 3);

        shop.roll("overlap-1", LOOK + ", to: {version: 9.9.9}", RollbackOutcome.NO_TARGET);
        assertThat(shop.roll("overlap-2", LOOK, RollbackOutcome.SUCCEEDED).to()).isEqualTo("1.4.2");
    }

    /** A shop with these revisions, none of which was seen to work. */
    private static RollingShop history(String name, String... versions) {
        RollingShop shop = new RollingShop(NAMESPACE, name).application();
        for (int number = 1; number <= versions.length; number++) {
            shop.deploy(versions[number - 1], UNSCHEDULED);
            awaitRevision(shop, number);
        }
        return shop;
    }

    private static void awaitRevision(RollingShop shop, int number) {
        await().atMost(SOON)
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(shop.find(shop.web()).getMetadata().getAnnotations())
                                .containsEntry(REVISION, String.valueOf(number)));
    }

    private static void removeRevision(RollingShop shop, String version) {
        NAMESPACE
                .all(ReplicaSet.class)
                .withLabel("app", shop.web())
                .withLabel("app.kubernetes.io/version", version)
                .resources()
                .forEach(replicaSet -> replicaSet.patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"" + REVISION + "\":null}}}"));
    }
}
