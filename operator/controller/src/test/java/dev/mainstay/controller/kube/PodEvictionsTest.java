package dev.mainstay.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import dev.mainstay.api.application.WorkloadKind;
import dev.mainstay.core.runbook.EvictionRefusal;
import dev.mainstay.core.runbook.EvictionRefusal.Cause;
import dev.mainstay.core.runbook.RestartedWorkload;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API server is asked for an eviction, and what its answers mean; they are as a real one gives them. */
class PodEvictionsTest {

    private static final Pod POD =
            Serialization.unmarshal("metadata: {name: web-1, namespace: shop, uid: uid-web-1}", Pod.class);

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, String> lists = new ConcurrentHashMap<>();
    private final LocalApi api = new LocalApi(this::answer);
    /** The operator's own client, which repeats what it is told to try again. */
    private final KubernetesClient client = KubernetesClients.create(
            new ConfigBuilder(Config.empty())
                    .withMasterUrl(api.client().getMasterUrl().toString())
                    .build(),
            "test");

    private volatile int code = 201;
    private volatile String said =
            "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Success\", \"code\": 201}";

    @AfterEach
    void stop() {
        client.close();
        api.close();
    }

    @Test
    void givenAPod_whenItIsEvicted_thenThatOneIsAndNoneOfItsName() {
        assertThat(new PodEvictions(client).evict(POD)).isTrue();
        assertThat(new PodEvictions(client).attempt(POD)).isEmpty();

        String eviction =
                "POST /api/v1/namespaces/shop/pods/web-1/eviction {\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\","
                        + "\"metadata\":{\"name\":\"web-1\",\"namespace\":\"shop\"},\"deleteOptions\":{\"preconditions\":"
                        + "{\"uid\":\"uid-web-1\"}";
        assertThat(asked).containsExactly(eviction + "}}", eviction + ",\"dryRun\":[\"All\"]}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "429 | DisruptionBudget | Cannot evict pod. | BUDGET          | The disruption budget web needs 2 healthy pods and has 2 currently",
                "429 |                  | Too many requests | BUSY            | Too many requests",
                "403 |                  | no right          | FORBIDDEN       | no right",
                "422 |                  | not valid         | RULE            | not valid",
                "400 |                  | denied            | RULE            | denied",
                "500 |                  | This pod has more than one PodDisruptionBudget, which is not supported. | SEVERAL_BUDGETS | This pod has more than one PodDisruptionBudget, which is not supported.",
                "201 |                  | This pod has more than one PodDisruptionBudget, which is not supported. | SEVERAL_BUDGETS | This pod has more than one PodDisruptionBudget, which is not supported."
            })
    void givenAnEvictionThatIsNotTaken_whenItIsTriedOrDone_thenItIsAskedForOnceAndItsCauseIsTold(
            int answered, String cause, String message, Cause wanted, String told) {
        refuses(answered, answered == 201 ? 500 : answered, cause, message);

        assertThat(new PodEvictions(client).attempt(POD)).contains(new EvictionRefusal(wanted, "web-1", told));
        assertThat(new PodEvictions(client).evict(POD)).isFalse();
        assertThat(asked).as("requests").hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"404", "409"})
    void givenAPodThatIsGone_whenItIsEvicted_thenThatIsNoFailure(int answered) {
        refuses(answered, answered, null, "not that one");

        assertThat(new PodEvictions(client).attempt(POD)).isEmpty();
        assertThat(new PodEvictions(client).evict(POD)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"500, 500", "503, 503", "201, 500"})
    void givenAnAnswerThatSaysNothingOfThePod_whenItIsEvicted_thenItIsNotKnownWhetherItIs(int answered, int inside) {
        refuses(answered, inside, null, "the server has a bad day");

        assertThatThrownBy(() -> new PodEvictions(client).evict(POD))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("bad day");
    }

    @Test
    void givenPodsWithTheLabels_whenAWorkloadIsRead_thenOnlyItsOwnThatStayAreThere() {
        lists.put(
                "replicasets",
                items(
                        "metadata: {name: web-a, uid: uid-a, ownerReferences: [{uid: uid-web, controller: true}]}",
                        "metadata: {name: web-b, uid: uid-b, ownerReferences: [{uid: uid-web, controller: true}]}",
                        "metadata: {name: other, uid: uid-o, ownerReferences: [{uid: uid-other, controller: true}]}"));
        lists.put(
                "pods",
                items(
                        pod("of-a", "uid-a", ""),
                        pod("of-b", "uid-b", ""),
                        pod("leaves", "uid-b", ", deletionTimestamp: \"2026-03-01T12:00:00Z\""),
                        pod("of-other", "uid-o", ""),
                        pod("of-set", "uid-web", ""),
                        "metadata: {name: nobodys, uid: uid-nobodys}"));

        assertThat(names(WorkloadKind.DEPLOYMENT)).containsExactly("of-a", "of-b");
        assertThat(names(WorkloadKind.STATEFUL_SET)).containsExactly("of-set");
        // Read from etcd, where nothing is old, and by the whole selector.
        assertThat(asked)
                .allMatch(request -> request.endsWith("labelSelector=app%3Dweb%2Ctier%20in%20%28a%2Cb%29 ")
                        || request.endsWith("labelSelector=app%3Dweb%2Ctier+in+%28a%2Cb%29 "));
        assertThat(new PodEvictions(client)
                        .read("shop", new RestartedWorkload(WorkloadKind.DEPLOYMENT, "gone", null, null))
                        .pods())
                .isEmpty();
    }

    private List<String> names(WorkloadKind kind) {
        JsonNode json = Serialization.unmarshal("""
                metadata: {name: web, uid: uid-web}
                spec:
                  selector: {matchLabels: {app: web}, matchExpressions: [{key: tier, operator: In, values: [a, b]}]}
                """, JsonNode.class);
        return new PodEvictions(client)
                .read("shop", new RestartedWorkload(kind, "web", json, null)).pods().stream()
                        .map(pod -> pod.getMetadata().getName())
                        .toList();
    }

    private static String pod(String name, String owner, String more) {
        return "metadata: {name: %1$s, uid: uid-%1$s, ownerReferences: [{uid: %2$s, controller: true}, {uid: x}]%3$s}"
                .formatted(name, owner, more);
    }

    private static String items(String... items) {
        return Stream.of(items)
                .map(item -> Serialization.asJson(Serialization.unmarshal(item, JsonNode.class)))
                .collect(Collectors.joining(", ", "{\"items\": [", "]}"));
    }

    private void refuses(int answered, int inside, String cause, String message) {
        code = answered;
        said = """
                {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "%s", "code": %d,
                 "details": {"causes": [%s]}}""".formatted(
                message,
                inside,
                cause == null
                        ? ""
                        : "{\"reason\": \"%s\", \"message\": \"%s\"}"
                                .formatted(
                                        cause, "The disruption budget web needs 2 healthy pods and has 2 currently"));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath();
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
        String list = lists.get(path.substring(path.lastIndexOf('/') + 1));
        byte[] answer = (list == null ? said : list).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(list == null ? code : 200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }
}
