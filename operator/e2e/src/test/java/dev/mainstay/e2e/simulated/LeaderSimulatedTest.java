package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.NotificationState;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.e2e.chaos.ChaosProxy;
import dev.mainstay.e2e.chaos.Fault;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.harness.Tls;
import dev.mainstay.e2e.operator.AlertedPod;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.ShippedInstall;
import dev.mainstay.e2e.operator.Shop;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.net.URI;
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

    /** grafana/grafana issue 53990 and prometheus/alertmanager issue 1005: one of two tells, and the other goes on after it. */
    @Test
    void givenTwoOperatorsAndAnAlert_whenTheLeaderIsKilledBeforeItNotesWhatItTold_thenNobodyIsToldAnythingNewOfIt() {
        try (AlertedPod pod = new AlertedPod(namespace, "127.0.8.11");
                ChaosProxy proxy = new ChaosProxy(
                        ClusterClient.get().server(),
                        Tls.trusting(ClusterClient.get().certificateAuthority()));
                OperatorProcess first = operator("first", proxy.uri());
                OperatorProcess second = operator("second")) {
            first.start();
            await().atMost(SOON).until(() -> holder().startsWith("first"));
            second.start();
            second.awaitReady();
            pod.open("shop");
            pod.watchHealth("shop", "");
            pod.awaitState("shop", AlertState.INACTIVE);

            pod.fail();
            await().atMost(SOON).until(() -> !pod.told("shop").isEmpty());
            pod.work();
            await().atMost(SOON)
                    .until(() -> pod.status("shop").notifications().isEmpty()
                            && pod.status("shop").state() == AlertState.INACTIVE);
            assertThat(pod.told("shop")).as("with two operators").containsExactly("firing", "resolved");

            // The first write tells that it is to be told, the second that it was.
            String path = "/apis/mainstay.dev/v1alpha1/namespaces/" + namespace.name() + "/alertrules/shop/status";
            int before = (int) proxy.journal().stream()
                    .filter(write -> write.path().equals(path))
                    .count();
            proxy.onKill(first::kill);
            proxy.atTry("PATCH", path, before + 2, new Fault.KillBefore());
            pod.fail();
            await().atMost(SOON).until(() -> !first.isAlive());
            await().atMost(SOON).until(() -> holder().startsWith("second"));
            await().atMost(SOON)
                    .until(() -> pod.status("shop").notifications().stream()
                            .anyMatch(line -> line.state() == NotificationState.SENT));
            pod.work();
            await().atMost(SOON).until(() -> pod.status("shop").notifications().isEmpty());

            assertThat(pod.toldOnce("shop")).containsExactly("firing", "resolved", "firing", "resolved");
            assertThat(pod.told("shop"))
                    .as("what was told and not noted is told again as it was")
                    .containsExactly("firing", "resolved", "firing", "firing", "resolved");
        }
    }

    private OperatorProcess operator(String name) {
        return operator(name, ClusterClient.get().server());
    }

    private OperatorProcess operator(String name, URI server) {
        return new OperatorProcess(
                server, namespace.name(), Map.of("MAINSTAY_LEADER_ELECTION", "true", "MAINSTAY_POD_NAME", name));
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
