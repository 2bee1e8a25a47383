package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.api.mode.ModePhase;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.ServedShop;
import dev.mainstay.e2e.operator.StoppableShop;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Ends of maintenance modes that nobody plans: the operator is away, uninstalled, or the namespace goes. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class MaintenanceEndSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @Test
    void givenAnOperatorThatIsAway_whenItComesBackAfterTheEnd_thenTheServiceLeadsBackSoon() {
        try (OperatorProcess operator = OperatorProcess.started(namespace.name())) {
            ServedShop shop = active("duration: 1h");
            operator.kill();
            namespace
                    .all(MaintenanceMode.class)
                    .withName("shop-1")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"duration\":\"1s\"}}");

            operator.start();
            operator.awaitReady();

            await().atMost(Duration.ofSeconds(30)).until(() -> shop.selector().equals(shop.own()));
            shop.awaitPhase("shop-1", ModePhase.ENDED);
        }
    }

    @Test
    void givenAnActiveMode_whenItsNamespaceIsDeleted_thenTheNamespaceIsGone() {
        try (OperatorProcess operator = OperatorProcess.started(namespace.name())) {
            active("");

            namespace.client().namespaces().withName(namespace.name()).delete();

            await().atMost(SOON)
                    .until(() -> namespace
                                    .client()
                                    .resources(Namespace.class)
                                    .withName(namespace.name())
                                    .get()
                            == null);
            assertThat(operator.isAlive()).isTrue();
        }
    }

    /** As Argo CD deletes. What the mode owned would go at once, and the page with it. */
    @Test
    void givenADeletionInTheForeground_whenTheModeEnds_thenThePageIsThereAsLongAsTheServiceLeadsToIt() {
        try (OperatorProcess operator = OperatorProcess.started(namespace.name())) {
            ServedShop shop = active("");
            operator.kill();

            namespace
                    .all(MaintenanceMode.class)
                    .withName("shop-1")
                    .withPropagationPolicy(DeletionPropagation.FOREGROUND)
                    .delete();

            await().during(Duration.ofSeconds(5)).atMost(SOON).until(() -> shop.page() != null);
            operator.start();
            shop.awaitGone("shop-1");
            assertThat(shop.selector()).isEqualTo(shop.own());
        }
    }

    @Test
    void givenAnActiveMode_whenTheOperatorIsUninstalled_thenTheServiceLeadsBackAndNothingHoldsTheObject() {
        try (OperatorProcess operator = OperatorProcess.started(namespace.name())) {
            ServedShop shop = active("");

            assertThat(operator.release()).as(operator.log()).isZero();
            operator.kill();

            ended(shop);
        }
    }

    @Test
    void givenAnOperatorThatIsNotRunning_whenItIsUninstalled_thenTheServiceLeadsBackAllTheSame() {
        try (OperatorProcess operator = OperatorProcess.started(namespace.name())) {
            ServedShop shop = active("");
            operator.kill();

            assertThat(operator.release()).as(operator.log()).isZero();

            ended(shop);
        }
    }

    @Test
    void givenAnApplicationWithoutPods_whenAPersonForcesTheRelease_thenNothingIsWaitedFor() {
        try (OperatorProcess operator = OperatorProcess.started(namespace.name())) {
            ServedShop shop = active("");
            namespace
                    .client()
                    .apps()
                    .deployments()
                    .inNamespace(namespace.name())
                    .withName("shop")
                    .scale(0);
            shop.leave("shop-1");
            await().atMost(SOON)
                    .until(() -> ServedShop.condition(shop.status("shop-1"), "Reconciling")
                            .contains("No Pod behind the former selector of Service shop is ready"));

            namespace
                    .all(MaintenanceMode.class)
                    .withName("shop-1")
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"metadata\":{\"annotations\":{\"" + Annotations.FORCE_RELEASE + "\":\"true\"}}}");

            await().atMost(Duration.ofSeconds(20)).until(() -> shop.mode("shop-1") == null);
            assertThat(operator.isAlive()).isTrue();
        }
    }

    @Test
    void givenAStoppedApplication_whenTheOperatorIsUninstalled_thenItRunsAgain() {
        try (OperatorProcess operator = OperatorProcess.started(namespace.name())) {
            StoppableShop shop = stopped();
            operator.kill();

            assertThat(operator.release()).as(operator.log()).isZero();

            ended(shop.served());
            assertThat(shop.state()).isEqualTo("2 1 true");
            assertThat(shop.isOwned()).isFalse();
        }
    }

    @Test
    void givenAStoppedApplication_whenItsNamespaceIsDeleted_thenTheNamespaceIsGone() {
        try (OperatorProcess operator = OperatorProcess.started(namespace.name())) {
            stopped();

            namespace.client().namespaces().withName(namespace.name()).delete();

            await().atMost(SOON)
                    .until(() -> namespace
                                    .client()
                                    .resources(Namespace.class)
                                    .withName(namespace.name())
                                    .get()
                            == null);
            assertThat(operator.isAlive()).isTrue();
        }
    }

    private StoppableShop stopped() {
        StoppableShop shop = new StoppableShop(namespace, "shop").open();
        shop.served().enter("shop-1", "cut: Hard");
        shop.served().awaitPhase("shop-1", ModePhase.ACTIVE);
        assertThat(shop.state()).isEqualTo("0 0 false");
        return shop;
    }

    private ServedShop active(String more) {
        ServedShop shop = new ServedShop(namespace, "shop").open();
        shop.enter("shop-1", more);
        shop.awaitPhase("shop-1", ModePhase.ACTIVE);
        return shop;
    }

    private static void ended(ServedShop shop) {
        MaintenanceModeStatus status = shop.status("shop-1");
        assertThat(status.phase()).isEqualTo(ModePhase.ENDED);
        assertThat(shop.mode("shop-1").getMetadata().getFinalizers()).isEmpty();
        assertThat(shop.selector()).isEqualTo(shop.own());
        assertThat(shop.page()).isNull();
        assertThat(status.endedAt()).isBefore(Instant.now());
    }
}
