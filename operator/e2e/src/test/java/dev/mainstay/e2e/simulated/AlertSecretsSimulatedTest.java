package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mainstay.api.alert.AlertNotification;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.alert.NotificationState;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.ShippedInstall;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What channels log in with is told nowhere, while their receivers take messages and while they do not: not even where a receiver
 * repeats in its answer all that it was sent.
 */
@Tag("simulated")
class AlertSecretsSimulatedTest {

    private static final Duration LONG = Duration.ofMinutes(4);
    private static final String SLACK_TOKEN = "T0CANARY/B0CANARY/xoxb-slack-canary";
    private static final String HMAC = "hmac-canary-key";
    private static final String PASSWORD = "basic-canary-password";
    private static final String BASIC = base64("mainstay:" + PASSWORD);
    private static final List<String> CHANNELS = List.of("slack", "webhook", "alertmanager");

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    /** All that was sent to it. */
    private final List<String> received = new CopyOnWriteArrayList<>();

    private volatile int status = 503;
    private HttpServer receiver;
    private OperatorProcess operator;

    @BeforeEach
    void start() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        receiver.createContext("/", this::answer);
        receiver.start();
        operator = new OperatorProcess(
                ClusterClient.get().server(), NAMESPACE.name(), Map.of("MAINSTAY_LOG_LEVEL", "debug"));
        operator.start();
        operator.awaitReady();
    }

    @AfterEach
    void stop() {
        operator.close();
        receiver.stop(0);
    }

    @Test
    void givenChannelsWithSecrets_whenTheyFailAndWork_thenNoneOfThemIsTold() {
        channels();
        // Nobody answers there, which this rule makes an alert.
        make(
                ManagedApplication.class,
                "shop",
                "metrics: {prometheus: {url: \"http://127.0.0.1:1\"}, labels: {job: web}}");
        make(
                AlertRule.class,
                "errors",
                "applicationRef: {name: shop}, metric: ErrorRate, comparison: GreaterThan, threshold: {percent: 1},"
                        + " pendingFor: 0s, interval: 5s, onError: Alert,"
                        + " notify: [{channel: slack}, {channel: webhook}, {channel: alertmanager}]");

        await().atMost(LONG).untilAsserted(() -> {
            assertThat(lines()).hasSize(3).allMatch(line -> line.state() == NotificationState.FAILING);
            assertThat(CHANNELS).allMatch(channel -> delivering(channel) == ConditionStatus.FALSE);
        });
        assertNothingIsTold();

        status = 200;
        await().atMost(LONG).untilAsserted(() -> {
            assertThat(lines()).hasSize(3).allMatch(line -> line.state() == NotificationState.SENT);
            assertThat(CHANNELS).allMatch(channel -> delivering(channel) == ConditionStatus.TRUE);
        });
        assertNothingIsTold();

        status = 403;
        NAMESPACE
                .all(AlertRule.class)
                .withName("errors")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"onError\": \"OK\"}}");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(Conditions.find(
                                NAMESPACE
                                        .find(AlertRule.class, "errors")
                                        .getStatus()
                                        .conditions(),
                                "NotificationsDelivered"))
                        .hasValueSatisfying(
                                condition -> assertThat(condition.message()).contains("answered 403")));
        assertNothingIsTold();

        assertThat(String.join("\n", received))
                .as("the secrets were used")
                .contains(SLACK_TOKEN, "Authorization: Basic " + BASIC, "X-mainstay-signature-256: sha256=");
    }

    private void assertNothingIsTold() {
        List<String> secrets =
                List.of("canary", "CANARY", BASIC, base64(HMAC), base64(PASSWORD), base64("Basic " + BASIC));
        assertThat(told()).allSatisfy(text -> assertThat(text).doesNotContain(secrets));
    }

    /** The objects whole, their Events, and the log. */
    private List<String> told() {
        List<String> told = new ArrayList<>();
        NAMESPACE.list(AlertRule.class).forEach(rule -> told.add(Serialization.asJson(rule)));
        NAMESPACE.list(NotificationChannel.class).forEach(channel -> told.add(Serialization.asJson(channel)));
        List<String> events =
                NAMESPACE.client().events().v1().events().inNamespace(NAMESPACE.name()).list().getItems().stream()
                        .map(Serialization::asJson)
                        .toList();
        assertThat(events).as("Events").isNotEmpty();
        told.addAll(events);
        told.add(operator.log());
        return told;
    }

    /** Repeats what it was sent, as some receivers do while they are developed. */
    private void answer(HttpExchange exchange) throws IOException {
        StringBuilder request = new StringBuilder(exchange.getRequestMethod() + " " + exchange.getRequestURI() + "\n");
        exchange.getRequestHeaders()
                .forEach((name, values) -> values.forEach(
                        value -> request.append(name).append(": ").append(value).append('\n')));
        request.append(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        received.add(request.toString());
        byte[] body =
                ("wrong password " + PASSWORD + " or key " + HMAC + " in " + request).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void channels() {
        letTheOperatorRead("receivers");
        String url = "http://127.0.0.1:" + receiver.getAddress().getPort();
        NAMESPACE.create(new SecretBuilder()
                .withNewMetadata()
                .withName("receivers")
                .endMetadata()
                .addToStringData("slack", url + "/services/" + SLACK_TOKEN)
                .addToStringData("hmac", HMAC)
                .addToStringData("basic", "Basic " + BASIC)
                .build());
        make(NotificationChannel.class, "slack", "slack: {urlSecretRef: {name: receivers, key: slack}}");
        make(
                NotificationChannel.class,
                "webhook",
                "webhook: {url: \"" + url + "/hook\", hmacSecretRef: {name: receivers, key: hmac},"
                        + " authorizationSecretRef: {name: receivers, key: basic}}");
        make(
                NotificationChannel.class,
                "alertmanager",
                "alertmanager: {urls: [\"" + url + "\"], authorizationSecretRef: {name: receivers, key: basic}}");
    }

    private static void letTheOperatorRead(String secret) {
        ShippedInstall install = ShippedInstall.get();
        NAMESPACE.create(new RoleBuilder()
                .withNewMetadata()
                .withName("secrets")
                .endMetadata()
                .addNewRule()
                .withApiGroups("")
                .withResources("secrets")
                .withResourceNames(secret)
                .withVerbs("get")
                .endRule()
                .build());
        NAMESPACE.create(new RoleBindingBuilder()
                .withNewMetadata()
                .withName("secrets")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", "secrets")
                .addNewSubject(null, "ServiceAccount", install.serviceAccount(), install.namespace())
                .build());
    }

    private static <T extends HasMetadata> void make(Class<T> kind, String name, String spec) {
        NAMESPACE.create(Serialization.unmarshal(
                "apiVersion: mainstay.dev/v1alpha1\nkind: %s\nmetadata: {name: %s}\nspec: {%s}\n"
                        .formatted(kind.getSimpleName(), name, spec),
                kind));
    }

    private static List<AlertNotification> lines() {
        AlertRule rule = NAMESPACE.find(AlertRule.class, "errors");
        return rule.getStatus() == null ? List.of() : rule.getStatus().notifications();
    }

    private static ConditionStatus delivering(String channel) {
        NotificationChannel found = NAMESPACE.find(NotificationChannel.class, channel);
        return found.getStatus() == null
                ? ConditionStatus.UNKNOWN
                : Conditions.find(found.getStatus().conditions(), "Delivering")
                        .map(condition -> condition.status())
                        .orElse(ConditionStatus.UNKNOWN);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
