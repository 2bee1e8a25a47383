package dev.mainstay.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Pod that fails and works as it is told, applications that ask it, rules that watch them, and a server that keeps what
 * their channels send. The objects of an application have one name.
 */
public final class AlertedPod implements AutoCloseable {

    public static final Duration LONG = Duration.ofMinutes(4);

    private static final Pattern STATUS = Pattern.compile("\"status\":\"(firing|resolved)\"");

    private final TestNamespace namespace;
    private final String address;
    private final PodServers pods;
    private final HttpServer receiver;
    private final List<Told> told = new CopyOnWriteArrayList<>();

    private record Told(String key, String body) {}

    /**
     * Starts the servers.
     *
     * @param address of the loopback network, of this Pod alone
     */
    public AlertedPod(TestNamespace namespace, String address) {
        this.namespace = namespace;
        this.address = address;
        this.pods = new PodServers(address);
        try {
            this.receiver = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            pods.close();
            throw new UncheckedIOException(e);
        }
        receiver.createContext("/", exchange -> {
            told.add(new Told(
                    exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
    }

    @Override
    public void close() {
        receiver.stop(0);
        pods.close();
    }

    /** Makes an application and its channel. One answer that fails is enough. */
    public CheckedShop open(String name) {
        CheckedShop shop = new CheckedShop(namespace, name, address, pods.port()).open();
        namespace
                .all(ManagedApplication.class)
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\": {\"health\": {\"timeout\": \"5s\", \"interval\": \"5s\", \"failureThreshold\": 1}}}");
        make(
                NotificationChannel.class,
                name,
                "webhook: {url: \"http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook\"}");
        return shop;
    }

    /** A rule that watches whether the application is healthy, and tells its channel at once; more of its spec in one line. */
    public void watchHealth(String name, String more) {
        rule(name, "metric: HealthCheck, pendingFor: 0s, notify: [{channel: " + name + "}]" + more);
    }

    /** A rule for the application of its name. */
    public void rule(String name, String spec) {
        make(AlertRule.class, name, "applicationRef: {name: " + name + "}, interval: 5s, " + spec);
    }

    private <T extends HasMetadata> void make(Class<T> kind, String name, String spec) {
        namespace.create(Serialization.unmarshal(
                "apiVersion: mainstay.dev/v1alpha1\nkind: %s\nmetadata: {name: %s}\nspec: {%s}\n"
                        .formatted(kind.getSimpleName(), name, spec),
                kind));
    }

    public void fail() {
        pods.answer(address, 500);
    }

    public void work() {
        pods.answer(address, 200);
    }

    /** What was sent of a rule, in order: firing and resolved. */
    public List<String> told(String rule) {
        return received().stream()
                .filter(body -> body.contains("\"alertname\":\"" + rule + "\""))
                .flatMap(AlertedPod::statusOf)
                .toList();
    }

    /** What was sent of a rule, each message once however often it came: a repeat has the key of its first. */
    public List<String> toldOnce(String rule) {
        return told.stream()
                .filter(message -> message.body().contains("\"alertname\":\"" + rule + "\""))
                .collect(Collectors.toMap(Told::key, Told::body, (first, again) -> first, LinkedHashMap::new))
                .values()
                .stream()
                .flatMap(AlertedPod::statusOf)
                .toList();
    }

    /** All that was sent. */
    public List<String> received() {
        return told.stream().map(Told::body).toList();
    }

    private static Stream<String> statusOf(String body) {
        return STATUS.matcher(body).results().limit(1).map(found -> found.group(1));
    }

    public AlertRule find(String rule) {
        return namespace.find(AlertRule.class, rule);
    }

    public AlertRuleStatus status(String rule) {
        AlertRuleStatus status = find(rule).getStatus();
        return status == null ? AlertRuleStatus.NONE : status;
    }

    public void awaitState(String rule, AlertState wanted) {
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(status(rule).state()).as("%s", status(rule)).isEqualTo(wanted));
    }

    /** The runs that were made for an application. */
    public List<MaintenanceRun> runs(String application) {
        return namespace.list(MaintenanceRun.class).stream()
                .filter(run -> run.getSpec().applicationRef().name().equals(application))
                .toList();
    }
}
