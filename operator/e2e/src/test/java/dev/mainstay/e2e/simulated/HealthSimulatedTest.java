package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.status.Condition;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.PodServers;
import dev.mainstay.e2e.operator.Shop;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What is said of an application whose Pods answer, well or badly, or don't. No scheduler takes these Pods, so that they have
 * no address but the one that the test gives them, on this machine alone.
 */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class HealthSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    private static final String FIRST = "127.0.7.1";
    private static final String SECOND = "127.0.7.2";
    private static final String OF_NOBODY = "127.0.7.3";
    private static final String OF_ANOTHER = "127.0.7.4";

    private static final String WORKLOAD = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: %s}
            spec:
              replicas: %d
              selector: {matchLabels: {app: %s%s}}
              template:
                metadata: {labels: {app: %s%s}}
                spec: %s
            """;

    private static final String POD_SPEC = """
            {schedulerName: nobody, securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}},
             containers: [{name: web, image: "web:1.4.2", ports: [{name: http, containerPort: %d}],
              securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}
            """;

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @AutoClose
    private static OperatorProcess operator;

    @AutoClose
    private final PodServers servers = new PodServers(FIRST, SECOND, OF_NOBODY, OF_ANOTHER);

    private String name;

    @BeforeAll
    static void start() {
        operator = OperatorProcess.started(NAMESPACE.name());
    }

    @BeforeEach
    void named(TestInfo test) {
        name = "shop-" + Integer.toHexString(test.getDisplayName().hashCode());
    }

    @Test
    void givenPodsThatAnswer_whenTheyTurnBadAndGoSilent_thenItIsToldAndOnlyItsOwnPodsAreAsked() {
        workload(name, 2, "");
        readyPods(name, List.of(FIRST, SECOND));
        workload(name + "-other", 1, ", part: other");
        readyPods(name + "-other", List.of(OF_ANOTHER));
        foreignPod();
        application();
        awaitHealth("TRUE/Healthy", "TRUE/Answered");

        servers.answer(SECOND, 503);
        awaitHealth("FALSE/Unhealthy", "TRUE/Answered");
        assertThat(condition("Healthy").message())
                .contains("1 of 2 ready Pods of Deployment " + name
                        + " answered GET /api/health?deep=1 on port http with" + " 503 instead of 200");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(NAMESPACE.list(Event.class))
                        .filteredOn(event -> event.getRegarding().getName().equals(name))
                        .extracting(Event::getReason)
                        .contains("Unhealthy"));

        servers.answer(SECOND, 200);
        awaitHealth("TRUE/Healthy", "TRUE/Answered");

        servers.close();
        awaitHealth("UNKNOWN/Unreachable", "FALSE/Unreachable");
        assertThat(condition("Healthy").message()).contains("no connection to the port. Correct spec.health.port");
        assertThat(servers.asked(FIRST)).isPositive();
        assertThat(servers.asked(OF_NOBODY)).as("a Pod with the same labels").isZero();
        assertThat(servers.asked(OF_ANOTHER)).as("a Pod of another Deployment").isZero();
    }

    @Test
    void givenAnUnhealthyApplication_whenTheOperatorIsStartedAgain_thenTheConditionStands() {
        servers.answer(FIRST, 500);
        workload(name, 1, "");
        readyPods(name, List.of(FIRST));
        application();
        awaitHealth("FALSE/Unhealthy", "TRUE/Answered");
        List<Condition> stood = found().getStatus().conditions();

        operator.restart();
        operator.awaitReady();
        int asked = servers.asked(FIRST);
        await().atMost(SOON).until(() -> servers.asked(FIRST) >= asked + 4);

        assertThat(found().getStatus().conditions()).isEqualTo(stood);
    }

    @Test
    void givenAnApplicationThatIsPausedOrHasNoPods_whenItIsAsked_thenNobodyIsAskedAndItSaysSo() {
        workload(name, 1, "");
        readyPods(name, List.of(FIRST));
        application();
        awaitHealth("TRUE/Healthy", "TRUE/Answered");

        NAMESPACE.all(Deployment.class).withName(name).scale(0);
        awaitHealth("UNKNOWN/ScaledToZero", "");

        NAMESPACE.all(Deployment.class).withName(name).scale(1);
        awaitHealth("FALSE/NoReadyPods", "");

        patch("{\"metadata\":{\"annotations\":{\"mainstay.dev/paused\":\"move\"}}}");
        readyPods(name, List.of(FIRST));
        await().atMost(SOON)
                .until(() -> Shop.condition(found().getStatus().conditions(), "Ready")
                        .equals("TRUE/Paused"));
        assertThat(health("Healthy")).isEqualTo("FALSE/NoReadyPods");

        patch("{\"metadata\":{\"annotations\":{\"mainstay.dev/paused\":null}}}");
        awaitHealth("TRUE/Healthy", "TRUE/Answered");

        patch("{\"spec\":{\"health\":null}}");
        awaitHealth("", "");
    }

    private void workload(String named, int replicas, String label) {
        NAMESPACE.create(Serialization.unmarshal(
                WORKLOAD.formatted(named, replicas, name, label, name, label, POD_SPEC.formatted(servers.port())),
                Deployment.class));
    }

    /** A Pod that nobody controls; without the hash of a template no ReplicaSet takes it over. */
    private void foreignPod() {
        Pod pod = NAMESPACE.create(Serialization.unmarshal(
                "metadata: {name: %s-foreign, labels: {app: %s}}\nspec: %s"
                        .formatted(name, name, POD_SPEC.formatted(servers.port())),
                Pod.class));
        makeReady(pod, OF_NOBODY);
    }

    /** Gives the Pods of a Deployment their addresses, as a kubelet would. */
    private void readyPods(String deployment, List<String> addresses) {
        await().atMost(SOON).until(() -> pods(deployment).size() == addresses.size());
        List<Pod> pods = pods(deployment);
        for (int i = 0; i < addresses.size(); i++) {
            makeReady(pods.get(i), addresses.get(i));
        }
    }

    private static List<Pod> pods(String deployment) {
        return NAMESPACE.list(Pod.class).stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(pod -> pod.getMetadata().getName().matches(deployment + "-[a-z0-9]+-[a-z0-9]+"))
                .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                .toList();
    }

    private static void makeReady(Pod pod, String address) {
        NAMESPACE
                .all(Pod.class)
                .withName(pod.getMetadata().getName())
                .editStatus(seen -> new PodBuilder(seen)
                        .editOrNewStatus()
                        .withPhase("Running")
                        .withPodIP(address)
                        .withPodIPs(new PodIP(address))
                        .withConditions(new PodConditionBuilder()
                                .withType("Ready")
                                .withStatus("True")
                                .build())
                        .endStatus()
                        .build());
    }

    private void application() {
        NAMESPACE.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: %s}
                spec:
                  workloads: [{name: %s}]
                  health: {workload: %s, path: /api/health?deep=1, port: http, timeout: 2s, interval: 5s, failureThreshold: 2}
                """.formatted(name, name, name), ManagedApplication.class));
    }

    private void patch(String patch) {
        NAMESPACE.all(ManagedApplication.class).withName(name).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    private void awaitHealth(String healthy, String reachable) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(List.of(health("Healthy"), health("Reachable")))
                        .containsExactly(healthy, reachable));
    }

    private String health(String type) {
        return Shop.condition(found().getStatus().conditions(), type);
    }

    private Condition condition(String type) {
        return found().getStatus().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private ManagedApplication found() {
        return NAMESPACE.find(ManagedApplication.class, name);
    }
}
