package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.ShippedInstall;
import dev.mainstay.e2e.operator.Shop;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One of two operators works, and the other takes over from it. */
@Tag("simulated")
class LeaderSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(4);

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @Test
    void givenTwoOperators_whenTheLeaderIsTerminated_thenItGivesUpItsLeaseAndTheOtherWorks() {
        try (OperatorProcess first = operator("first");
                OperatorProcess second = operator("second")) {
            first.start();
            await().atMost(SOON).until(() -> holder().startsWith("first"));
            second.start();
            second.awaitReady();
            assertThat(holder()).startsWith("first");

            assertThat(first.terminate()).as(first.log()).isIn(0, 143);
            await().atMost(SOON).until(() -> holder().startsWith("second"));

            new Shop(namespace, "shop").application("");
            await().atMost(SOON)
                    .until(() -> Shop.condition(
                                    namespace
                                            .find(ManagedApplication.class, "shop")
                                            .getStatus()
                                            .conditions(),
                                    "Ready")
                            .equals("TRUE/Ready"));
        }
    }

    private OperatorProcess operator(String name) {
        return new OperatorProcess(
                ClusterClient.get().server(),
                namespace.name(),
                Map.of("MAINSTAY_LEADER_ELECTION", "true", "MAINSTAY_POD_NAME", name));
    }

    private static String holder() {
        ShippedInstall install = ShippedInstall.get();
        return Optional.ofNullable(ClusterClient.get()
                        .client()
                        .leases()
                        .inNamespace(install.namespace())
                        .withName(install.environment().get("MAINSTAY_LEASE_NAME"))
                        .get())
                .map(Lease::getSpec)
                .map(spec -> spec.getHolderIdentity())
                .orElse("");
    }
}
