package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.core.naming.Names;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.LimitRange;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Maintenance modes of a real program in a namespace with a LimitRange, a policy that denies everything, and ports of every sort,
 * as clients see them that come through the addresses of its Services. They share the program, so that one follows the other,
 * and the first of them begins first.
 */
@Tag("node")
@Order(1)
class MaintenanceSurroundingsNodeTest {

    private static final int SOME = 50;

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    private final ShopMode mode = new ShopMode(NAMESPACE);

    @BeforeAll
    static void install() {
        NAMESPACE.create(Serialization.unmarshal("""
                apiVersion: v1
                kind: LimitRange
                metadata: {name: small}
                spec:
                  limits:
                  - {type: Container, default: {cpu: 500m, memory: 96Mi}, defaultRequest: {cpu: 5m, memory: 16Mi}, max: {memory: 320Mi}}
                """, LimitRange.class));
        NAMESPACE.create(Serialization.unmarshal("""
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: deny-everything}
                spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
                """, NetworkPolicy.class));
        HelmShop.deploy(NAMESPACE, "1.4.2");
        NAMESPACE.create(Serialization.unmarshal("""
                apiVersion: v1
                kind: Service
                metadata: {name: many}
                spec:
                  selector: {app.kubernetes.io/name: web}
                  ports:
                  - {name: named, port: 8000, targetPort: http}
                  - {name: numeric, port: 8001, targetPort: 8080}
                  - {name: low, port: 81, targetPort: 81}
                  - {name: postgres, port: 5432, targetPort: 5432}
                """, Service.class));
        NAMESPACE.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: shop}
                spec: {workloads: [{name: web}, {name: worker}], services: [{name: web}]}
                """, ManagedApplication.class));
    }

    @AfterEach
    void leave() {
        mode.leave();
    }

    @Test
    void givenAHardCut_whenItIsActive_thenNobodyGetsThroughAndNobodyIsRefused() {
        try (SteadyClient fresh = mode.client("web", 80, false);
                SteadyClient reusing = mode.client("web", 80, true)) {
            fresh.awaitMore(SOME, 200);
            reusing.awaitMore(SOME, 200);
            mode.enter("cut: Hard");
            mode.awaitActive();
            Instant active = Instant.now();
            fresh.awaitMore(SOME, 503);
            reusing.awaitMore(SOME, 503);
            Instant left = Instant.now();
            mode.leave();
            Instant gone = Instant.now();
            fresh.awaitMore(SOME, 200);
            reusing.awaitMore(SOME, 200);

            System.out.println("cut: Hard, a connection for each request: " + fresh.counted());
            System.out.println("cut: Hard, connections reused: " + reusing.counted());
            assertThat(fresh.answers()).allMatch(answer -> answer.problem() == null);
            for (SteadyClient client : List.of(fresh, reusing)) {
                assertThat(client.answers())
                        .filteredOn(answer ->
                                answer.begun().isAfter(active) && answer.begun().isBefore(left))
                        .isNotEmpty()
                        .allMatch(answer -> answer.status() == 503);
                assertThat(client.answers())
                        .filteredOn(answer -> answer.begun().isAfter(gone))
                        .isNotEmpty()
                        .allMatch(answer -> answer.status() == 200);
            }
        }
    }

    @Test
    void givenPortsOfEverySort_whenTheModeIsActive_thenEachLeadsToThePage() {
        services("web", "many");
        try {
            mode.enter("allowNonHttp: true");
            mode.awaitActive();

            for (int port : List.of(8000, 8001, 81, 5432)) {
                try (SteadyClient client = mode.client("many", port, false)) {
                    client.awaitMore(SOME, 503);
                    assertThat(client.answers()).as("port %d", port).allMatch(answer -> answer.status() == 503);
                }
            }
            // The local network enforces no policy: what lets people in where one does is looked at as an object.
            NetworkPolicy policy = NAMESPACE.find(NetworkPolicy.class, Names.page("shop"));
            assertThat(policy.getSpec().getPodSelector().getMatchLabels())
                    .isEqualTo(NAMESPACE.find(Service.class, "web").getSpec().getSelector());
            assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
            assertThat(policy.getSpec().getIngress())
                    .singleElement()
                    .satisfies(rule -> assertThat(rule.getFrom()).isEmpty());
            assertThat(policy.getSpec().getEgress()).isEmpty();
        } finally {
            mode.leave();
            services("web");
        }
    }

    @Test
    void givenAQuotaThatIsFull_whenThereIsRoom_thenThePageComesAndTheApplicationAnsweredUntilThen() {
        // The page of the test before may still be on its way out, and would leave room behind.
        await("no Pod ends")
                .atMost(ShopMode.PATIENCE)
                .until(() -> NAMESPACE.list(Pod.class).stream()
                        .allMatch(pod -> pod.getMetadata().getDeletionTimestamp() == null));
        int pods = NAMESPACE.list(Pod.class).size();
        ResourceQuota quota = NAMESPACE.create(Serialization.unmarshal("""
                apiVersion: v1
                kind: ResourceQuota
                metadata: {name: full}
                spec: {hard: {pods: "%d"}}
                """.formatted(pods), ResourceQuota.class));
        try (SteadyClient client = mode.client("web", 80, false)) {
            await("the quota is counted")
                    .atMost(ShopMode.PATIENCE)
                    .until(() -> !NAMESPACE
                            .find(ResourceQuota.class, "full")
                            .getStatus()
                            .getUsed()
                            .isEmpty());
            mode.enter("");
            await("the quota is named")
                    .atMost(ShopMode.PATIENCE)
                    .until(() -> mode.message().contains("exceeded quota: full"));
            client.awaitMore(SOME, 200);
            assertThat(client.answers()).allMatch(answer -> answer.status() == 200);

            NAMESPACE.client().resource(quota).delete();
            mode.awaitActive();
            client.awaitMore(SOME, 503);
            assertThat(client.answers()).allMatch(answer -> answer.problem() == null);
        }
    }

    @Test
    void givenSomebodyPutsTheSelectorBackAllTheTime_whenItIsLeftToThem_thenNobodyWasRefused() {
        Map<String, String> own = NAMESPACE.find(Service.class, "web").getSpec().getSelector();
        // To add what is there replaces it as a whole, whatever the operator has made of it meanwhile.
        String putBack = Serialization.asJson(List.of(Map.of("op", "add", "path", "/spec/selector", "value", own)));
        try (SteadyClient client = mode.client("web", 80, false)) {
            mode.enter("");
            mode.awaitActive();
            await("it is left")
                    .atMost(ShopMode.PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        NAMESPACE.all(Service.class).withName("web").patch(PatchContext.of(PatchType.JSON), putBack);
                        return mode.is("Stalled");
                    });
            client.awaitMore(SOME, 200);

            assertThat(client.answers()).allMatch(answer -> answer.status() == 200 || answer.status() == 503);
            assertThat(mode.message()).contains("Service web");
        }
    }

    /** The commands of docs/on-call/maintenance-on.md; those of "Off" come last here, and stand in the middle of the page. */
    @Test
    void givenTheCardForTheNight_whenItsCommandsAreRun_thenEachDoesWhatItPromises(@TempDir Path folder) {
        OnCallCard card = new OnCallCard(NAMESPACE, folder, "maintenance-on.md", "maintenance-on.yaml");

        assertThat(card.run("## On")).contains("condition met", "Active");
        Instant before =
                NAMESPACE.find(MaintenanceMode.class, "shop").getStatus().endsAt();
        card.run("## It takes longer than planned");
        await("the end is later")
                .atMost(ShopMode.PATIENCE)
                .until(() -> NAMESPACE
                        .find(MaintenanceMode.class, "shop")
                        .getStatus()
                        .endsAt()
                        .equals(before.plus(Duration.ofHours(2))));
        String undo = card.run("## Mainstay does not run").strip();
        assertThat(undo).startsWith("kubectl set selector service web ").contains("app.kubernetes.io/name=web");
        assertThat(card.run("## Off")).contains("deleted");

        assertThat(NAMESPACE.list(MaintenanceMode.class)).isEmpty();
        Map<String, String> selector =
                NAMESPACE.find(Service.class, "web").getSpec().getSelector();
        assertThat(selector).containsEntry("app.kubernetes.io/name", "web");
        card.shell(undo);
        assertThat(NAMESPACE.find(Service.class, "web").getSpec().getSelector())
                .as("what is done by hand leads to the same")
                .isEqualTo(selector);
    }

    private static void services(String... names) {
        List<Map<String, String>> services =
                Stream.of(names).map(name -> Map.of("name", name)).toList();
        NAMESPACE
                .all(ManagedApplication.class)
                .withName("shop")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        Serialization.asJson(Map.of("spec", Map.of("services", services))));
    }
}
