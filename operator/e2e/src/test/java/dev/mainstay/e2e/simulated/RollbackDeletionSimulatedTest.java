package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.RollingShop;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A request that goes in the middle of its work, or whose operator does, leaves nothing of its own behind. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class RollbackDeletionSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @Test
    void givenARollbackThatIsVerified_whenItsRequestIsDeleted_thenItIsGoneAndWhatItWroteIsThePipelines() {
        try (OperatorProcess operator = OperatorProcess.started(namespace.name())) {
            RollingShop shop = verifying();

            namespace.all(RollbackRequest.class).withName("shop-1").delete();

            await().atMost(SOON).until(() -> namespace.find(RollbackRequest.class, "shop-1") == null);
            assertThat(shop.version(shop.web())).isEqualTo("1.4.2");
            assertThat(Stream.of(shop.web(), shop.worker())
                            .flatMap(name -> shop.find(name).getMetadata().getManagedFields().stream())
                            .map(ManagedFieldsEntry::getManager))
                    .doesNotContain("mainstay-rollback")
                    .contains("pipeline");
            // Another one need not wait for it.
            await().atMost(SOON)
                    .until(() -> namespace.list(Lease.class).stream()
                            .map(lease -> lease.getMetadata().getAnnotations().getOrDefault(Annotations.GRANTS, ""))
                            .noneMatch(value -> value.contains("RollbackRequest")));
            assertThat(operator.isAlive()).isTrue();
        }
    }

    @Test
    void givenARollbackThatIsVerified_whenItsNamespaceIsDeleted_thenTheNamespaceIsGone() {
        try (OperatorProcess operator = OperatorProcess.started(namespace.name())) {
            verifying();

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

    @Test
    void givenAHeldDeployment_whenTheOperatorIsUninstalled_thenFluxMayApplyAgain() {
        try (OperatorProcess operator = OperatorProcess.started(namespace.name())) {
            RollingShop shop = bad();
            shop.markAsFlux();
            shop.request("shop-1", "");
            await().atMost(SOON)
                    .until(() -> shop.status("shop-1")
                            .filter(status -> status.phase() == RollbackPhase.HOLDING)
                            .isPresent());
            assertThat(shop.isHeld(shop.web())).isTrue();

            assertThat(operator.release()).as(operator.log()).isZero();

            assertThat(shop.isHeld(shop.web())).isFalse();
            assertThat(shop.annotations(shop.web())).doesNotContainKey(Annotations.HELD_BY);
            assertThat(namespace
                            .find(RollbackRequest.class, "shop-1")
                            .getMetadata()
                            .getFinalizers())
                    .isEmpty();
        }
    }

    private RollingShop verifying() {
        RollingShop shop = bad();
        shop.request("shop-1", "", "1h");
        shop.awaitVerifying("shop-1");
        return shop;
    }

    /** A bad release on a good one. */
    private RollingShop bad() {
        RollingShop shop = new RollingShop(namespace, "shop").application();
        shop.release("1.4.2");
        shop.deploy("1.5.0");
        return shop;
    }
}
