package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.alert.ResolveReason;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.e2e.operator.CheckedShop;
import dev.mainstay.e2e.operator.PodServers;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From the Pod that fails to the server that is told, and back: with the operator, its rights and its measurements. */
@Tag("simulated")
class AlertStorySimulatedTest {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String POD = "127.0.8.7";

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    @AutoClose
    private final PodServers pods = new PodServers(POD);

    private final List<String> received = new CopyOnWriteArrayList<>();
    private HttpServer receiver;

    @BeforeEach
    void receive() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        receiver.createContext("/", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    @Test
    void givenAPodThatFails_whenItIsMended_thenBothAreToldOnceAndTheRuleSaysSo() {
        opened("told");
        make(
                AlertRule.class,
                "metadata: {name: told}",
                "spec: {applicationRef: {name: told}, metric: HealthCheck, pendingFor: 0s,"
                        + " interval: 5s, severity: critical, notify: [{channel: told}]}");
        awaitState("told", AlertState.INACTIVE);

        pods.answer(POD, 500);
        awaitState("told", AlertState.FIRING);
        await().atMost(LONG).untilAsserted(() -> assertThat(received).hasSize(1));
        assertThat(received.getFirst()).contains("\"status\":\"firing\"", "\"alertname\":\"told\"");
        assertThat(find("told").getMetadata().getFinalizers()).contains(Annotations.ALERT_FINALIZER);

        pods.answer(POD, 200);
        await().atMost(LONG).untilAsserted(() -> assertThat(received).hasSize(2));
        assertThat(received.get(1)).contains("\"status\":\"resolved\"");
        awaitState("told", AlertState.INACTIVE);
        await().atMost(LONG).untilAsserted(() -> {
            AlertRuleStatus status = status("told");
            assertThat(status.notifications()).isEmpty();
            assertThat(status.lastResolved().reason()).isEqualTo(ResolveReason.RECOVERED);
            assertThat(find("told").getMetadata().getFinalizers()).isEmpty();
        });
    }

    @Test
    void givenAnAlertThatFires_whenItsRuleIsDeleted_thenItsEndIsToldBeforeItGoes() {
        opened("gone");
        pods.answer(POD, 500);
        make(
                AlertRule.class,
                "metadata: {name: gone}",
                "spec: {applicationRef: {name: gone}, metric: HealthCheck, pendingFor: 0s,"
                        + " interval: 5s, notify: [{channel: gone}]}");
        await().atMost(LONG).untilAsserted(() -> assertThat(received).hasSize(1));
        // What was taken is recorded before anything else is told.
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(status("gone").notifications())
                        .singleElement()
                        .satisfies(line -> assertThat(line.triggeredAt()).isNotNull()));

        SHOPS.namespace().all(AlertRule.class).withName("gone").delete();

        await().atMost(LONG).until(() -> find("gone") == null);
        assertThat(received).hasSize(2);
        assertThat(received.get(1)).contains("\"status\":\"resolved\"");
    }

    /** The metrics API is not served here, which is a source that does not answer, and no load of the Pods. */
    @Test
    void givenNoMetricsServer_whenARuleWatchesTheProcessor_thenItIsUnknownAndSaysWhatToInstall() {
        opened("busy");
        make(
                AlertRule.class,
                "metadata: {name: busy}",
                "spec: {applicationRef: {name: busy}, metric: Cpu, comparison: GreaterThan,"
                        + " threshold: {percent: 80}, interval: 5s}");

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(status("busy").conditions()).anySatisfy(condition -> {
                    assertThat(condition.type()).isEqualTo("Evaluated");
                    assertThat(condition.message()).contains("metrics.k8s.io is not served: install metrics-server");
                }));
        assertThat(status("busy").state()).isEqualTo(AlertState.UNKNOWN);
    }

    private void opened(String name) {
        new CheckedShop(SHOPS.namespace(), name, POD, pods.port()).open();
        SHOPS.namespace()
                .all(ManagedApplication.class)
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\": {\"health\": {\"timeout\": \"5s\", \"interval\": \"5s\", \"failureThreshold\": 1}}}");
        make(
                NotificationChannel.class,
                "metadata: {name: " + name + "}",
                "spec: {webhook: {url: \"http://127.0.0.1:"
                        + receiver.getAddress().getPort() + "/hook\"}}");
    }

    private static <T extends HasMetadata> void make(Class<T> kind, String metadata, String spec) {
        SHOPS.namespace()
                .create(Serialization.unmarshal(
                        "apiVersion: mainstay.dev/v1alpha1\nkind: %s\n%s\n%s\n"
                                .formatted(kind.getSimpleName(), metadata, spec),
                        kind));
    }

    private static AlertRule find(String name) {
        return SHOPS.namespace().find(AlertRule.class, name);
    }

    private static AlertRuleStatus status(String name) {
        AlertRuleStatus status = find(name).getStatus();
        return status == null ? AlertRuleStatus.NONE : status;
    }

    private static void awaitState(String name, AlertState wanted) {
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(status(name).state()).as("%s", status(name)).isEqualTo(wanted));
    }
}
