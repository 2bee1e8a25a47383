package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.alert.ResolveReason;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.Programs;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A shop that can be made to do wrong what the alerts of examples/alerts watch for, with a Prometheus and a small volume of its
 * own, and a server that lists the messages it is sent.
 */
final class AlertedShop implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(6);

    private static final Path EXAMPLES = ClusterClient.REPOSITORY.resolve("examples/alerts");
    private static final Path PROMETHEUS =
            ClusterClient.REPOSITORY.resolve("deploy/local/shop/manifests/50-prometheus.yaml");

    private final TestNamespace namespace;
    private final String ofTheCluster;
    private final Path volume;

    AlertedShop(TestNamespace namespace) {
        this.namespace = namespace;
        this.ofTheCluster = namespace.name() + "-alerts";
        this.volume = Path.of(System.getenv("MAINSTAY_VOLUMES"), ofTheCluster);
    }

    /** Brings all of it up. */
    AlertedShop open() {
        LocalMetrics.up();
        makeVolume();
        HelmShop.deploy(namespace, "1.4.2");
        apply(read(PROMETHEUS)
                .replace("namespace: shop", "namespace: " + namespace.name())
                .replace("shop-metrics.shop.svc", "shop-metrics." + namespace.name() + ".svc")
                .replace("name: shop-prometheus", "name: " + ofTheCluster));
        apply(example("receiver.yaml"));
        namespace.create(Serialization.unmarshal(example("channel.yaml"), NotificationChannel.class));
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: shop}
                spec:
                  workloads: [{name: web}, {name: worker}]
                  health: {workload: web, path: /api/health, port: http, interval: 5s, failureThreshold: 2}
                  metrics:
                    prometheus: {url: "http://prometheus.%1$s.svc:9090"}
                    labels: {job: shop}
                    series:
                      requests: {name: shop_http_requests_total}
                      durations: {name: shop_http_request_duration_seconds_bucket}
                      volumes: {labels: {namespace: %1$s}}
                """.formatted(namespace.name()), ManagedApplication.class));
        for (String name : List.of("prometheus", "receiver")) {
            await(name + " is available").atMost(PATIENCE).until(() -> isAvailable(name));
        }
        return this;
    }

    /** A file system of its own, mounted as deploy/local/shop/deploy does: it is full before anything else is. */
    private void makeVolume() {
        run("mkdir", "-p", volume.toString());
        run("mount", "-t", "tmpfs", "-o", "size=16m,uid=65532,gid=65532,mode=0750", ofTheCluster, volume.toString());
        PersistentVolume made =
                Serialization.unmarshal("""
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: %s}
                spec:
                  capacity: {storage: 16Mi}
                  accessModes: [ReadWriteOnce]
                  persistentVolumeReclaimPolicy: Retain
                  storageClassName: ""
                  claimRef: {namespace: %s, name: shop-files}
                  local: {path: %s}
                  nodeAffinity:
                    required:
                      nodeSelectorTerms:
                      - matchExpressions: [{key: kubernetes.io/hostname, operator: Exists}]
                """.formatted(ofTheCluster, namespace.name(), volume), PersistentVolume.class);
        namespace.client().resource(made).create();
        namespace.create(Serialization.unmarshal("""
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: shop-files}
                spec:
                  accessModes: [ReadWriteOnce]
                  storageClassName: ""
                  volumeName: %s
                  resources: {requests: {storage: 16Mi}}
                """.formatted(ofTheCluster), PersistentVolumeClaim.class));
    }

    /** Takes away what does not go with the namespace. Its Pods keep the file system until they are gone. */
    @Override
    public void close() {
        run(
                "kubectl",
                "delete",
                "clusterrole,clusterrolebinding,persistentvolume",
                ofTheCluster,
                "--ignore-not-found",
                "--wait=false");
        run("umount", "--lazy", volume.toString());
        run("rmdir", volume.toString());
    }

    /** A rule of the examples, in a hurry. */
    void watch(String rule) {
        watchInAHurry(Arrays.stream(example("alerts.yaml").split("(?m)^---\n"))
                .filter(document -> document.contains("\n  name: " + rule + "\n"))
                .findFirst()
                .orElseThrow());
    }

    /** A rule that looks back for half a minute, and fires after ten seconds. */
    void watchInAHurry(String rule) {
        namespace.create(Serialization.unmarshal(
                rule.replaceFirst("pendingFor: \\w+", "pendingFor: 10s")
                        .replaceFirst("interval: \\w+", "interval: 5s")
                        .replaceFirst("window: \\w+", "window: 30s"),
                AlertRule.class));
    }

    /** How the rule stands; empty before anything is known. */
    Optional<AlertRuleStatus> status(String rule) {
        return Optional.ofNullable(namespace.find(AlertRule.class, rule).getStatus());
    }

    /** Goes over to another version, and returns when its Pods are ready. */
    void deploy(String version) {
        HelmShop.deploy(namespace, version);
    }

    /** Tells each Pod of these parts of the shop what to do wrong. */
    void fault(List<String> parts, String setting) {
        for (String part : parts) {
            for (Pod pod : pods(part)) {
                fault(pod, setting);
            }
        }
    }

    /** Tells one web server. */
    void faultOfOne(String setting) {
        fault(pods("web").getFirst(), setting);
    }

    /** Drops what an address sends to the web servers, until these are gone. */
    void cutOff(String address) {
        for (Pod pod : pods("web")) {
            run(
                    "nsenter",
                    "--net=/proc/" + ContainerProcesses.of(pod).main().pid() + "/ns/net",
                    "iptables",
                    "--wait",
                    "--append",
                    "INPUT",
                    "--source",
                    address,
                    "--jump",
                    "DROP");
        }
    }

    private void fault(Pod pod, String setting) {
        PodProgram.run(
                namespace
                        .client()
                        .pods()
                        .inNamespace(namespace.name())
                        .withName(pod.getMetadata().getName()),
                "/shop",
                "fault",
                setting);
    }

    private List<Pod> pods(String part) {
        return namespace.list(Pod.class).stream()
                .filter(pod -> part.equals(pod.getMetadata().getLabels().get("app.kubernetes.io/name")))
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    /** What the receiver was told of a rule, in order: firing and resolved. */
    List<String> told(String rule) {
        ClusterClient.Answer answer = ClusterClient.get()
                .request(
                        "GET",
                        "/api/v1/namespaces/" + namespace.name() + "/services/receiver:http/proxy/messages",
                        "application/json",
                        null);
        assertThat(answer.accepted())
                .as("the receiver answered %d %s", answer.status(), answer.body())
                .isTrue();
        return answer.body()
                .valueStream()
                .flatMap(message -> message.at("/body/alerts").valueStream())
                .filter(alert -> rule.equals(alert.at("/labels/alertname").asText()))
                .filter(alert -> "shop".equals(alert.at("/labels/application").asText()))
                .map(alert -> alert.path("status"))
                .map(JsonNode::asText)
                .toList();
    }

    /** Watches for something, causes it, ends it, and sees that somebody is told of both. */
    void firesAndEnds(String rule, Runnable cause, Runnable end) {
        watch(rule);
        awaitState(rule, AlertState.INACTIVE);
        assertThat(told(rule)).isEmpty();
        try {
            cause.run();
            AlertRuleStatus firing = awaitState(rule, AlertState.FIRING);
            assertThat(firing.episode()).as("%s", firing).isPositive();
            awaitTold(rule, "firing");
        } finally {
            // What the next test watches for is to be its own doing.
            end.run();
        }
        AlertRuleStatus over = awaitState(rule, AlertState.INACTIVE);
        assertThat(over.lastResolved()).as("%s", over).isNotNull();
        assertThat(over.lastResolved().reason()).as("%s", over).isEqualTo(ResolveReason.RECOVERED);
        awaitTold(rule, "resolved");
        assertThat(told(rule)).as("each is told once").containsExactly("firing", "resolved");
        await("the ledger of " + rule + " is closed")
                .atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(status(rule).orElseThrow().notifications()).isEmpty());
    }

    AlertRuleStatus awaitState(String rule, AlertState state) {
        await("rule " + rule + " is " + state)
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(status(rule).orElse(AlertRuleStatus.NONE))
                        .satisfies(status ->
                                assertThat(status.state()).as("%s", status).isEqualTo(state)));
        return status(rule).orElseThrow();
    }

    void awaitTold(String rule, String last) {
        await("somebody is told that " + rule + " is " + last)
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(told(rule)).as("%s", status(rule)).endsWith(last));
    }

    private boolean isAvailable(String deployment) {
        return Stream.ofNullable(namespace.find(Deployment.class, deployment))
                .flatMap(found -> Stream.ofNullable(found.getStatus()))
                .anyMatch(status -> Integer.valueOf(1).equals(status.getAvailableReplicas()));
    }

    private String example(String file) {
        return read(EXAMPLES.resolve(file))
                .replace("namespace: shop", "namespace: " + namespace.name())
                .replace("receiver.shop.svc", "receiver." + namespace.name() + ".svc");
    }

    private static void apply(String yaml) {
        Programs.run(new ProcessBuilder("kubectl", "apply", "--server-side", "--filename", "-"), yaml);
    }

    private static void run(String... command) {
        Programs.run(new ProcessBuilder(command), "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
