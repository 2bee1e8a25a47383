package dev.mainstay.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.mainstay.api.alert.AlertMetric;
import dev.mainstay.api.alert.AlertThreshold;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.core.alert.Evaluation;
import dev.mainstay.core.alert.PodUse;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PodUsagesTest {

    private static final String NO_PODS = "{\"kind\": \"PodList\", \"apiVersion\": \"v1\", \"items\": []}";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final LocalApi api = new LocalApi(this::answer);
    private volatile String pods = NO_PODS;
    private volatile int code = 200;
    private volatile String metrics = "{\"items\": []}";

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void givenPodsOfADeployment_whenTheyAreRead_thenThoseThatRunAndAreItsOwnCount() {
        pods = list(
                pod("web-1", "Running", "ReplicaSet", "web-abc", ""),
                pod("web-2", "Running", "ReplicaSet", "web-def", ""),
                pod("leaves", "Running", "ReplicaSet", "web-abc", "deletionTimestamp: \"2026-03-01T12:00:00Z\", "),
                pod("over", "Succeeded", "ReplicaSet", "web-abc", ""),
                pod("new", "Pending", "ReplicaSet", "web-abc", ""),
                pod("other", "Running", "ReplicaSet", "web-admin-abc", ""),
                pod("job", "Running", "Job", "web-abc", ""),
                pod("web-3", "Running", "ReplicaSet", "web-abc", ""));
        metrics = """
                {"items": [
                  {"metadata": {"name": "web-1"}, "containers": [
                    {"name": "web", "usage": {"cpu": "250m", "memory": "64Mi"}},
                    {"name": "proxy", "usage": {"cpu": "12345n", "memory": "1Ki"}}]},
                  {"metadata": {"name": "web-2"}, "containers": [{"name": "web", "usage": {"cpu": "1", "memory": "1Gi"}}]},
                  {"metadata": {"name": "over"}, "containers": [{"name": "web", "usage": {"cpu": "9", "memory": "9Gi"}}]}]}
                """;

        PodUsages.Read read = usages().of(application("{kind: Deployment, name: web}"));

        assertThat(read.failure()).isNull();
        PodUse use = read.uses().getFirst();
        assertThat(use.workload()).isEqualTo("Deployment web");
        assertThat(use.pods())
                .extracting(pod -> pod.getMetadata().getName())
                .containsExactly("web-1", "web-2", "web-3");
        assertThat(use.used().get("web-1"))
                .isEqualTo(Map.of("cpu", new BigDecimal("0.250012345"), "memory", new BigDecimal("67109888")));
        assertThat(asked)
                .containsExactly(
                        "/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb&resourceVersion=0",
                        "/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods?labelSelector=app%3Dweb");
    }

    /** What the API server and metrics-server say, up to the value: one Pod is over, one has no metrics, one has none yet. */
    @Test
    void givenAPodWithoutMetrics_whenTheOthersAreMeasured_thenTheValueIsTheirsAndSaysSo() {
        Instant now = Instant.parse("2026-03-01T12:00:00Z");
        pods = list(
                limited("web-1", "Running", now.minusSeconds(3600)),
                limited("web-2", "Running", now.minusSeconds(3600)),
                limited("web-3", "Running", now.minusSeconds(3600)),
                limited("web-4", "Running", now.minusSeconds(30)),
                limited("over", "Succeeded", now.minusSeconds(30)),
                limited("failed", "Failed", now.minusSeconds(3600)));
        metrics = """
                {"items": [
                  {"metadata": {"name": "web-1"}, "containers": [{"name": "web", "usage": {"cpu": "800m"}}]},
                  {"metadata": {"name": "web-2"}, "containers": [{"name": "web", "usage": {"cpu": "1"}}]},
                  {"metadata": {"name": "over"}, "containers": [{"name": "web", "usage": {"cpu": "9"}}]}]}
                """;

        PodUsages.Read read = usages().of(application("{kind: Deployment, name: web}"));

        assertThat(PodUse.of(read.uses(), AlertMetric.CPU, new AlertThreshold(80d, null, null, null), now)
                        .evaluation())
                .isInstanceOfSatisfying(Evaluation.Measured.class, measured -> {
                    assertThat(measured.text()).isEqualTo("90 % (2 of 3 Pods have metrics)");
                    assertThat(measured.partial()).isNull();
                    assertThat(measured.coverage()).contains("metrics.k8s.io has none of web-3");
                });
    }

    private static String limited(String name, String phase, Instant since) {
        return """
                {metadata: {name: %1$s, ownerReferences: [{kind: ReplicaSet, name: web-abc, uid: uid-web, controller: true}]},
                 spec: {containers: [{name: web, resources: {limits: {cpu: 1}}}]},
                 status: {phase: %2$s, containerStatuses: [{name: web, state: {running: {startedAt: "%3$s"}}}]}}""".formatted(name, phase, since);
    }

    @Test
    void givenAStatefulSetWithASelectorOfExpressions_whenItIsRead_thenTheyAreAskedFor() {
        pods = list(pod("db-0", "Running", "StatefulSet", "db", ""));

        PodUsages.Read read = usages().of(application("{kind: StatefulSet, name: db}, {kind: Deployment, name: gone}"));

        assertThat(read.uses())
                .singleElement()
                .satisfies(use -> assertThat(use.pods()).hasSize(1));
        assertThat(asked.getLast())
                .endsWith("labelSelector=app+in+%28db%2Cdbs%29%2C%21canary%2Ctier%2Czone+notin+%28a%29");
    }

    @Test
    void givenNoMetricsServer_whenItIsRead_thenItSaysWhatToInstall() {
        pods = list(pod("web-1", "Running", "ReplicaSet", "web-abc", ""));
        code = 404;

        assertThat(usages().of(application("{kind: Deployment, name: web}")).failure())
                .startsWith("metrics.k8s.io is not served: install metrics-server");
    }

    @Test
    void givenARightThatIsMissing_whenItIsRead_thenItIsNamed() {
        pods = list(pod("web-1", "Running", "ReplicaSet", "web-abc", ""));
        code = 403;

        assertThat(usages().of(application("{kind: Deployment, name: web}")).failure())
                .startsWith("metrics.k8s.io can't be read: ")
                .contains("Let the operator list pods of metrics.k8s.io");
    }

    @Test
    void givenAMetricsServerThatIsAway_whenItIsRead_thenThatIsAFailure() {
        pods = list(pod("web-1", "Running", "ReplicaSet", "web-abc", ""));
        code = 503;

        assertThat(usages().of(application("{kind: Deployment, name: web}")).failure())
                .endsWith("Look at metrics-server.");
    }

    @Test
    void givenNoPods_whenItIsRead_thenMetricsAreNotAskedFor() {
        assertThat(usages().of(application("{kind: Deployment, name: web}")).uses())
                .singleElement()
                .satisfies(use -> assertThat(use.pods()).isEmpty());
        assertThat(asked).hasSize(1);
    }

    private PodUsages usages() {
        Map<String, HasMetadata> workloads = Map.of(
                "web",
                Serialization.unmarshal("""
                        kind: Deployment
                        metadata: {name: web, namespace: shop, uid: uid-web}
                        spec: {selector: {matchLabels: {app: web}}}
                        """, Deployment.class),
                "db",
                Serialization.unmarshal("""
                        kind: StatefulSet
                        metadata: {name: db, namespace: shop, uid: uid-db}
                        spec:
                          selector:
                            matchExpressions:
                              - {key: app, operator: In, values: [db, dbs]}
                              - {key: canary, operator: DoesNotExist}
                              - {key: tier, operator: Exists}
                              - {key: zone, operator: NotIn, values: [a]}
                        """, StatefulSet.class));
        return new PodUsages(
                api.client(), (application, workload) -> Optional.ofNullable(workloads.get(workload.name())));
    }

    private static ManagedApplication application(String workloads) {
        return Serialization.unmarshal(
                "metadata: {name: shop, namespace: shop}\nspec: {workloads: [" + workloads + "]}",
                ManagedApplication.class);
    }

    private static String list(String... pods) {
        String yaml = "kind: PodList\napiVersion: v1\nitems: [" + String.join(", ", pods) + "]";
        return Serialization.asJson(Serialization.unmarshal(yaml, PodList.class));
    }

    private static String pod(String name, String phase, String kind, String owner, String more) {
        return "{metadata: {name: %s, %sownerReferences: [{kind: %s, name: %s, uid: uid-%s, controller: true}]}, status: {phase: %s}}"
                .formatted(name, more, kind, owner, owner, phase);
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI().toString());
        boolean metricsAsked = exchange.getRequestURI().getPath().startsWith("/apis/metrics.k8s.io/");
        String body = !metricsAsked
                ? pods
                : code == 200
                        ? metrics
                        : "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\", \"code\": " + code
                                + ", \"message\": \"so it is\"}";
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(metricsAsked ? code : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
