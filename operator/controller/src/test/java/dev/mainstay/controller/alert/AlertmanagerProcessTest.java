package dev.mainstay.controller.alert;

import static dev.mainstay.api.alert.NotificationKind.REPEAT;
import static dev.mainstay.api.alert.NotificationKind.RESOLVE;
import static dev.mainstay.api.alert.NotificationKind.TEST;
import static dev.mainstay.api.alert.NotificationKind.TRIGGER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mainstay.api.alert.NotificationDestination;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.controller.alert.ReceiverServer.Seen;
import dev.mainstay.core.alert.AlertMessage;
import dev.mainstay.core.alert.Delivery;
import dev.mainstay.core.alert.SendOutcome;
import dev.mainstay.core.alert.WebhookBody;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sender against a real Alertmanager, which tells a webhook of ours what it was told. */
@Tag("process")
class AlertmanagerProcessTest {

    private static final JsonMapper JSON = new JsonMapper();
    /** With a fraction that all programs write alike: some leave out zeros at its end. */
    private static final Instant BEGAN =
            Instant.now().minusSeconds(300).truncatedTo(ChronoUnit.SECONDS).plusMillis(123);

    private static final SendOutcome TAKEN = new SendOutcome.Taken();

    private static ReceiverServer hook;
    private static AlertmanagerServer alertmanager;
    private static HttpSender sender;
    private static NotificationDestination destination;

    @BeforeAll
    static void start(@TempDir Path folder) {
        hook = new ReceiverServer();
        alertmanager = new AlertmanagerServer(folder, hook.url());
        destination = AlertMessages.alertmanager(alertmanager.url());
        sender = new HttpSender(new TestSecrets(), Clock.systemUTC(), HttpSender.DEADLINE, cut -> {});
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(send(message("ready", RESOLVE))).isEqualTo(TAKEN));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        sender.close();
        alertmanager.stop();
        hook.close();
    }

    @Test
    void givenAnAlert_whenItIsTold_thenItIsActiveAndToldAgainItLastsLonger() {
        assertThat(send(message("lasts", TRIGGER))).isEqualTo(TAKEN);
        JsonNode first = active("lasts");

        assertThat(first.at("/labels").toString())
                .isEqualTo("{\"alertname\":\"lasts\",\"namespace\":\"shop\",\"severity\":\"critical\"}");
        assertThat(first.at("/annotations/summary").textValue()).isEqualTo("shop: lasts TRIGGER");
        assertThat(first.at("/annotations/runbook_url").textValue()).isEqualTo("https://runbooks.example.org/x");
        assertThat(Instant.parse(first.at("/startsAt").textValue())).isEqualTo(BEGAN);
        Instant ends = Instant.parse(first.at("/endsAt").textValue());
        assertThat(ends).isBetween(Instant.now().plusSeconds(200), Instant.now().plusSeconds(300));

        assertThat(send(message("lasts", REPEAT))).isEqualTo(TAKEN);

        Awaitility.await()
                .untilAsserted(() -> assertThat(
                                Instant.parse(active("lasts").at("/endsAt").textValue()))
                        .isAfter(ends));
        assertThat(Instant.parse(active("lasts").at("/startsAt").textValue())).isEqualTo(BEGAN);
    }

    @Test
    void givenAnAlertThatFires_whenItsEndIsTold_thenItIsGoneAndItsReceiverIsTold() {
        assertThat(send(message("ends", TRIGGER))).isEqualTo(TAKEN);
        awaitHook("ends", "firing");

        assertThat(send(message("ends", RESOLVE))).isEqualTo(TAKEN);

        Awaitility.await().untilAsserted(() -> assertThat(found("ends")).isEmpty());
        JsonNode told = awaitHook("ends", "resolved");
        assertThat(Instant.parse(told.at("/alerts/0/endsAt").textValue())).isEqualTo(BEGAN.plusSeconds(60));
    }

    /** The proof that a webhook of ours speaks version 4: what takes the one takes the other. */
    @Test
    void givenTheSameAlert_whenAlertmanagerTellsItsWebhook_thenOursIsOfTheSameFormWithTheSameFingerprint()
            throws IOException {
        for (NotificationKind kind : List.of(TRIGGER, RESOLVE)) {
            AlertMessage message = message("same", kind);
            send(message);

            JsonNode theirs = awaitHook("same", kind == TRIGGER ? "firing" : "resolved");
            JsonNode ours = JSON.readTree(WebhookBody.of(List.of(message), 50, 0));

            assertThat(form(ours)).isEqualTo(form(theirs));
            for (String same : List.of(
                    "/version",
                    "/receiver",
                    "/status",
                    "/groupLabels",
                    "/commonLabels",
                    "/commonAnnotations",
                    "/groupKey",
                    "/truncatedAlerts",
                    "/alerts/0/status",
                    "/alerts/0/labels",
                    "/alerts/0/annotations",
                    "/alerts/0/startsAt",
                    "/alerts/0/fingerprint")) {
                assertThat(ours.at(same)).as("%s of %s", same, kind).isEqualTo(theirs.at(same));
            }
            if (kind == RESOLVE) {
                assertThat(ours.at("/alerts/0/endsAt")).isEqualTo(theirs.at("/alerts/0/endsAt"));
            }
        }
    }

    @Test
    void givenATest_whenItIsTold_thenItIsTakenAndFiresNowhere() {
        assertThat(send(message("a-test", TEST))).isEqualTo(TAKEN);
        assertThat(send(message("after-the-test", TRIGGER))).isEqualTo(TAKEN);

        active("after-the-test");
        assertThat(found("MainstayTest")).isEmpty();
    }

    @Test
    void givenManyAndLabelsOfAnyKind_whenTheyAreTold_thenAllAreTaken() {
        AlertMessage odd = message("odd", TRIGGER);
        List<AlertMessage> messages = new ArrayList<>(List.of(new AlertMessage(
                odd.key(),
                odd.dedupKey(),
                odd.ownerUid(),
                odd.namespace(),
                odd.channel(),
                odd.destination(),
                odd.kind(),
                odd.severity(),
                "🔥".repeat(3_000),
                "\ud83d",
                "no url",
                Map.of("app.kubernetes.io/name", "é", "0", "x", "empty", "", "alertname", "odd"),
                Instant.now().plusSeconds(600),
                null)));
        for (int number = 0; number < 500; number++) {
            messages.add(message("many-" + number, TRIGGER));
        }

        assertThat(sender.send(messages, 0)).isEqualTo(TAKEN);

        assertThat(active("odd").at("/labels").toString())
                .isEqualTo("{\"_0\":\"x\",\"alertname\":\"odd\",\"app_kubernetes_io_name\":\"é\"}");
        active("many-499");
    }

    @Test
    void givenAUrlWithoutItsPath_whenItIsTold_thenItIsRefusedAndSaysWhatToCorrect() {
        AlertMessage message = AlertMessages.of(
                "lost", TRIGGER, AlertMessages.alertmanager(alertmanager.url().replace("/prefix", "")));

        assertThat(sender.send(List.of(message), 0))
                .isInstanceOfSatisfying(
                        SendOutcome.Refused.class,
                        refused -> assertThat(refused.message())
                                .contains("answered 404", "Correct spec.alertmanager.urls"));
    }

    /** The whole way, with an outbox whose minute is over at once. */
    @Test
    void givenAnOutbox_whenAnAlertFiresAndEnds_thenAlertmanagerKnowsItUntilThen() {
        HandTurnedTime time = new HandTurnedTime();
        NotificationOutbox outbox = new NotificationOutbox(sender, time, () -> 1, Runnable::run, owner -> {}, () -> {});
        AlertMessage trigger = message("whole", TRIGGER);
        outbox.hand("whole", List.of(trigger), List.of(trigger));
        Instant ends = Instant.parse(active("whole").at("/endsAt").textValue());

        time.turn(NotificationOutbox.RETELL);
        Awaitility.await()
                .untilAsserted(() -> assertThat(
                                Instant.parse(active("whole").at("/endsAt").textValue()))
                        .isAfter(ends));

        outbox.hand("whole", List.of(message("whole", RESOLVE)), List.of(trigger));
        Awaitility.await().untilAsserted(() -> assertThat(found("whole")).isEmpty());
        time.turn(NotificationOutbox.RETELL);
        assertThat(outbox.deliveries("whole").get("whole-RESOLVE")).isInstanceOf(Delivery.Taken.class);
        assertThat(send(message("after-the-whole", TRIGGER))).isEqualTo(TAKEN);
        active("after-the-whole");
        assertThat(found("whole")).isEmpty();
    }

    private static AlertMessage message(String owner, NotificationKind kind) {
        return AlertMessages.of(owner, kind, destination, BEGAN);
    }

    private static SendOutcome send(AlertMessage message) {
        return sender.send(List.of(message), 0);
    }

    private static JsonNode active(String name) {
        return Awaitility.await().until(() -> found(name), Predicate.not(List::isEmpty)).stream()
                .filter(alert -> alert.at("/status/state").textValue().equals("active"))
                .findFirst()
                .orElseThrow();
    }

    private static List<JsonNode> found(String name) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            String answer = client.send(
                            HttpRequest.newBuilder(URI.create(alertmanager.url() + "/api/v2/alerts"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            List<JsonNode> found = new ArrayList<>();
            JSON.readTree(answer).forEach(alert -> {
                if (alert.at("/labels/alertname").textValue().equals(name)) {
                    found.add(alert);
                }
            });
            return found;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private static JsonNode awaitHook(String name, String status) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(
                        () -> hook.seen().stream()
                                .map(Seen::body)
                                .map(AlertmanagerProcessTest::read)
                                .filter(body -> body.at("/commonLabels/alertname")
                                        .asText()
                                        .equals(name))
                                .filter(body -> body.at("/status").asText().equals(status))
                                .toList(),
                        Predicate.not(List::isEmpty))
                .getFirst();
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Which fields there are, and of what kind. */
    private static Set<String> form(JsonNode node) {
        Set<String> form = new TreeSet<>();
        form("", node, form);
        return form;
    }

    private static void form(String path, JsonNode node, Set<String> form) {
        form.add(path + ": " + node.getNodeType());
        node.properties().forEach(field -> form(path + "/" + field.getKey(), field.getValue(), form));
        node.elements().forEachRemaining(element -> {
            if (node.isArray()) {
                form(path + "[]", element, form);
            }
        });
    }
}
