package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.naming.Names;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.node.SteadyClient.Answer;
import io.fabric8.kubernetes.api.model.LimitRange;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Maintenance modes of a real program in a namespace with a LimitRange, a policy that denies everything, and ports of every sort,
 * as clients see them that come through the addresses of its Services.
 */
@Tag("node")
class MaintenanceSurroundingsNodeTest {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int SOME = 50;

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @BeforeAll
    static void install() {
        NAMESPACE.create(Serialization.unmarshal("""
                apiVersion: v1
                kind: LimitRange
                metadata: {name: small}
                spec:
                  limits:
                  - {type: Container, default: {cpu: 500m, memory: 96Mi}, defaultRequest: {cpu: 5m, memory: 16Mi}, max: {memory: 256Mi}}
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
        NAMESPACE.all(MaintenanceMode.class).delete();
        await("no mode is left")
                .atMost(PATIENCE)
                .until(() -> NAMESPACE.list(MaintenanceMode.class).isEmpty());
    }

    @Test
    void givenAHardCut_whenItIsActive_thenNobodyGetsThroughAndNobodyIsRefused() {
        try (SteadyClient fresh = client("web", 80, false);
                SteadyClient reusing = client("web", 80, true)) {
            awaitMore(fresh, 200);
            awaitMore(reusing, 200);
            enter("cut: Hard");
            awaitActive();
            Instant active = Instant.now();
            awaitMore(fresh, 503);
            awaitMore(reusing, 503);
            Instant left = Instant.now();
            leave();
            Instant gone = Instant.now();
            awaitMore(fresh, 200);
            awaitMore(reusing, 200);

            System.out.println("cut: Hard, a connection for each request: " + counted(fresh.answers()));
            System.out.println("cut: Hard, connections reused: " + counted(reusing.answers()));
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
            enter("allowNonHttp: true");
            awaitActive();

            for (int port : List.of(8000, 8001, 81, 5432)) {
                try (SteadyClient client = client("many", port, false)) {
                    awaitMore(client, 503);
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
            leave();
            services("web");
        }
    }

    @Test
    void givenAQuotaThatIsFull_whenThereIsRoom_thenThePageComesAndTheApplicationAnsweredUntilThen() {
        int pods = NAMESPACE.list(Pod.class).size();
        ResourceQuota quota = NAMESPACE.create(Serialization.unmarshal("""
                apiVersion: v1
                kind: ResourceQuota
                metadata: {name: full}
                spec: {hard: {pods: "%d"}}
                """.formatted(pods), ResourceQuota.class));
        try (SteadyClient client = client("web", 80, false)) {
            await("the quota is counted")
                    .atMost(PATIENCE)
                    .until(() -> !NAMESPACE
                            .find(ResourceQuota.class, "full")
                            .getStatus()
                            .getUsed()
                            .isEmpty());
            enter("");
            await("the quota is named").atMost(PATIENCE).until(() -> message().contains("exceeded quota: full"));
            awaitMore(client, 200);
            assertThat(client.answers()).allMatch(answer -> answer.status() == 200);

            NAMESPACE.client().resource(quota).delete();
            awaitActive();
            awaitMore(client, 503);
            assertThat(client.answers()).allMatch(answer -> answer.problem() == null);
        }
    }

    @Test
    void givenSomebodyPutsTheSelectorBackAllTheTime_whenItIsLeftToThem_thenNobodyWasRefused() {
        Map<String, String> own = NAMESPACE.find(Service.class, "web").getSpec().getSelector();
        try (SteadyClient client = client("web", 80, false)) {
            enter("");
            awaitActive();
            await("it is left")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        NAMESPACE
                                .all(Service.class)
                                .withName("web")
                                .edit(found -> new ServiceBuilder(found)
                                        .editSpec()
                                        .withSelector(own)
                                        .endSpec()
                                        .build());
                        return is("Stalled");
                    });
            awaitMore(client, 200);

            assertThat(client.answers()).allMatch(answer -> answer.status() == 200 || answer.status() == 503);
            assertThat(message()).contains("Service web");
        }
    }

    @Test
    void givenTheOperatorIsKilled_whenTheModeBeginsAndEnds_thenNobodyIsRefused() {
        InstalledOperator operator = new InstalledOperator(NAMESPACE.client());
        try (SteadyClient client = client("web", 80, false)) {
            enter("");
            operator.kill();
            awaitActive();
            awaitMore(client, 503);
            NAMESPACE.all(MaintenanceMode.class).delete();
            operator.kill();
            leave();
            awaitMore(client, 200);

            assertThat(client.answers()).allMatch(answer -> answer.problem() == null);
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
                .atMost(PATIENCE)
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

    private static SteadyClient client(String service, int port, boolean reuses) {
        return new SteadyClient(NAMESPACE.find(Service.class, service).getSpec().getClusterIP(), port, reuses);
    }

    private static void enter(String more) {
        NAMESPACE.create(
                Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceMode
                metadata: {name: shop}
                spec: {applicationRef: {name: shop}, reason: measured%s}
                """.formatted(more.isEmpty() ? "" : ", " + more), MaintenanceMode.class));
    }

    private static void awaitActive() {
        await("the mode is active").atMost(PATIENCE).until(() -> is("Active"));
    }

    private static boolean is(String condition) {
        MaintenanceMode mode = NAMESPACE.find(MaintenanceMode.class, "shop");
        return mode.getStatus() != null
                && mode.getStatus().conditions().stream()
                        .anyMatch(found -> found.type().equals(condition) && found.status() == ConditionStatus.TRUE);
    }

    private static String message() {
        MaintenanceMode mode = NAMESPACE.find(MaintenanceMode.class, "shop");
        return mode.getStatus() == null
                ? ""
                : mode.getStatus().conditions().stream()
                        .filter(found -> found.type().equals("Ready"))
                        .map(found -> found.message())
                        .findFirst()
                        .orElse("");
    }

    private static void awaitMore(SteadyClient client, int status) {
        int before = client.answers().size();
        Predicate<Answer> wanted = answer -> answer.status() == status;
        await("answers " + status)
                .atMost(PATIENCE)
                .until(() ->
                        client.answers().stream().skip(before).filter(wanted).count() >= SOME);
    }

    private static Map<Integer, Long> counted(List<Answer> answers) {
        return answers.stream().collect(Collectors.groupingBy(Answer::status, TreeMap::new, Collectors.counting()));
    }
}
