package dev.mainstay.controller.alert;

import static dev.mainstay.api.alert.NotificationKind.DIGEST;
import static dev.mainstay.api.alert.NotificationKind.TRIGGER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.SecretKeyReference;
import dev.mainstay.api.alert.AlertmanagerDestination;
import dev.mainstay.api.alert.NotificationDestination;
import dev.mainstay.api.alert.WebhookDestination;
import dev.mainstay.controller.alert.ReceiverServer.Seen;
import dev.mainstay.core.alert.AlertMessage;
import dev.mainstay.core.alert.SendOutcome;
import dev.mainstay.core.status.Reason;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sender against receivers that do what receivers and proxies do. */
class HttpSenderTest {

    private static final SecretKeyReference URL = new SecretKeyReference("slack", "url");
    private static final SecretKeyReference HMAC = new SecretKeyReference("hook", "hmac");
    private static final SecretKeyReference TOKEN = new SecretKeyReference("hook", "token");
    private static final SecretKeyReference CA = new SecretKeyReference("hook", "ca");
    private static final NotificationDestination SLACK = AlertMessages.slack("slack");
    private static final SendOutcome TAKEN = new SendOutcome.Taken();

    private final TestSecrets secrets = new TestSecrets();
    private final HttpSender sender = sender(Duration.ofSeconds(10));
    private final ReceiverServer receiver = new ReceiverServer();

    private HttpSender sender(Duration deadline) {
        return new HttpSender(secrets, Clock.fixed(HandTurnedTime.BEGINNING, ZoneOffset.UTC), deadline, cut -> {});
    }

    @AfterEach
    void stop() {
        sender.close();
        receiver.close();
    }

    @Test
    void givenSlack_whenItIsTold_thenTheWebhookIsPostedTo() {
        secrets.put(URL, receiver.url() + "/services/T0/B0/x\n");

        assertThat(send(SLACK)).isEqualTo(TAKEN);

        Seen seen = receiver.seen().getFirst();
        assertThat(seen.line()).isEqualTo("POST /services/T0/B0/x");
        assertThat(seen.headers())
                .containsEntry("Content-Type", "application/json")
                .containsEntry("User-Agent", "mainstay-operator")
                .doesNotContainKeys("Authorization", "Cookie", "Upgrade", "Idempotency-Key");
        assertThat(seen.body()).startsWith("{\"text\":\"*shop: a TRIGGER* (critical)");
    }

    @Test
    void givenAWebhook_whenItIsTold_thenTheBodyIsSignedAndTheMessageHasItsKey() throws Exception {
        secrets.put(HMAC, "  geheim\n").put(TOKEN, "Bearer abc\n");

        assertThat(send(webhook(receiver.url() + "/hook?team=a", HMAC, TOKEN, null)))
                .isEqualTo(TAKEN);

        Seen seen = receiver.seen().getFirst();
        assertThat(seen.line()).isEqualTo("POST /hook?team=a");
        assertThat(seen.headers())
                .containsEntry("Idempotency-Key", "a-TRIGGER")
                .containsEntry("Authorization", "Bearer abc")
                .containsEntry("X-Mainstay-Signature-256", "sha256=" + hmac("geheim", seen.body()));
        assertThat(seen.body()).contains("\"version\":\"4\"", "\"receiver\":\"oncall\"");
    }

    @Test
    void givenSeveralMessages_whenTheyAreSentOnceMore_thenTheirKeyIsTheSameAndThatOfOthersIsNot() {
        NotificationDestination to = webhook(receiver.url(), null, null, null);
        AlertMessage a = AlertMessages.of("a", TRIGGER, to);
        AlertMessage b = AlertMessages.of("b", TRIGGER, to);

        sender.send(List.of(a, b), 0);
        sender.send(List.of(a, b), 3);
        sender.send(List.of(a), 0);
        sender.send(List.of(b), 0);

        List<String> keys = receiver.seen().stream()
                .map(seen -> seen.headers().get("Idempotency-Key"))
                .toList();
        assertThat(keys.get(0)).isEqualTo(keys.get(1)).matches("[0-9a-f]{64}");
        assertThat(keys.subList(1, 4)).doesNotHaveDuplicates();
        assertThat(receiver.seen().get(1).body()).contains("\"truncatedAlerts\":3");
    }

    @ParameterizedTest
    @CsvSource({
        "200, Taken",
        "400, Refused",
        "403, Refused",
        "408, Later",
        "425, Later",
        "429, Later",
        "500, Later",
        "503, Later",
        "302, Refused"
    })
    void givenAnAnswer_whenItIsRead_thenItIsOneRequest(int status, String outcome) {
        receiver.then(status, Map.of("Retry-After", "7", "Location", receiver.url() + "/other"), "invalid_token");
        secrets.put(URL, receiver.url());

        assertThat(send(SLACK).getClass().getSimpleName()).isEqualTo(outcome);
        assertThat(receiver.seen()).hasSize(1);
    }

    @Test
    void givenARefusal_whenItIsRead_thenItNamesTheChannelAndWhatToDo() {
        receiver.then(403, Map.of(), "invalid_token");
        secrets.put(URL, receiver.url());

        assertThat(send(SLACK))
                .isEqualTo(new SendOutcome.Refused(
                        Reason.RECEIVER_REFUSED,
                        "NotificationChannel shop/oncall: Slack answered 403 invalid_token, which says that the last part of"
                                + " the URL is not right. Make a new webhook in Slack and put its URL into the Secret that"
                                + " spec.slack.urlSecretRef names."));
    }

    @Test
    void givenATimeToWait_whenItIsADate_thenItIsCountedFromNow() {
        receiver.then(429, Map.of("Retry-After", "Fri, 01 May 2026 03:00:42 GMT"), "");
        secrets.put(URL, receiver.url());

        assertThat(send(SLACK))
                .isInstanceOfSatisfying(
                        SendOutcome.Later.class,
                        later -> assertThat(later.after()).isEqualTo(Duration.ofSeconds(42)));
    }

    /** kedacore/keda issue 7469 has such a page in its log. */
    @ParameterizedTest
    @ValueSource(ints = {200, 500})
    void givenFiveMegabytesOfHtml_whenItIsAnswered_thenOnlyItsBeginningIsRead(int status) throws Exception {
        String page = "<html>" + "x".repeat(5 << 20);
        String answer = "HTTP/1.1 " + status + " x\r\nContent-Length: " + page.length() + "\r\n\r\n" + page;
        try (RawReceiver raw = new RawReceiver(answer, false)) {
            SendOutcome outcome = send(webhook(raw.url(), null, null, null));

            if (status == 200) {
                assertThat(outcome).isEqualTo(TAKEN);
            } else {
                assertThat(outcome.toString())
                        .contains("the webhook answered 500 with an HTML page")
                        .hasSizeLessThan(400);
            }
            assertThat(raw.hungUp().await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(raw.written()).isLessThan(page.length());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"})
    void givenAReceiverThatHangs_whenTheTimeIsOver_thenTheConnectionIsClosed(String beginning) throws Exception {
        HttpSender hasty = sender(Duration.ofSeconds(1));
        try (RawReceiver raw = new RawReceiver(beginning, true)) {
            SendOutcome outcome =
                    hasty.send(List.of(AlertMessages.of("a", TRIGGER, webhook(raw.url(), null, null, null))), 0);

            assertLater(outcome, Reason.RECEIVER_UNREACHABLE, "the webhook: there was no whole answer within 1 s.");
            assertMayHaveArrived(outcome, true);
            assertThat(raw.hungUp().await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            hasty.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                 | the connection broke (",
                "'HTTP/1.1 200 OK#Content-Length: 100##half'        | the connection broke (",
                "'SSH-2.0-canary##'                                 | does not speak HTTP as it should",
                "'HTTP/1.1 200 OK#Content-Length: canary##'         | does not speak HTTP as it should"
            })
    void givenAConnectionThatEndsWithoutAnAnswer_whenItIsRead_thenItSaysSo(String answer, String words)
            throws Exception {
        try (RawReceiver raw = new RawReceiver(answer.replace("#", "\r\n"), false)) {
            SendOutcome outcome = send(webhook(raw.url(), null, null, null));

            assertLater(outcome, Reason.RECEIVER_UNREACHABLE, words);
            assertMayHaveArrived(outcome, true);
            assertThat(outcome.toString()).doesNotContain("canary");
        }
    }

    @Test
    void givenARedirection_whenItIsAnswered_thenNobodyElseIsTold() {
        try (ReceiverServer other = new ReceiverServer()) {
            receiver.then(307, Map.of("Location", other.url() + "/canary"), "");

            SendOutcome outcome = send(webhook(receiver.url(), null, null, null));

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            SendOutcome.Refused.class,
                            refused -> assertThat(refused.message())
                                    .contains("the webhook answered 307. That sends to another place")
                                    .doesNotContain("canary"));
            assertThat(other.seen()).isEmpty();
        }
    }

    @Test
    void givenACertificateOfAnAuthorityOfOnesOwn_whenItIsNamed_thenItIsTrustedAndARenewedOneIsToo(@TempDir Path folder)
            throws Exception {
        OwnAuthority own = OwnAuthority.in(folder.resolve("own"));
        OwnAuthority other = OwnAuthority.in(folder.resolve("other"));
        try (ReceiverServer secure = new ReceiverServer(own.server())) {
            NotificationDestination to = webhook(secure.url(), null, null, CA);

            SendOutcome distrusted = send(webhook(secure.url(), null, null, null));
            assertLater(
                    distrusted,
                    Reason.RECEIVER_UNREACHABLE,
                    "its certificate is not signed by an authority that is known here");
            assertMayHaveArrived(distrusted, false);
            secrets.put(CA, other.pem());
            assertLater(send(to), Reason.RECEIVER_UNREACHABLE, "its certificate is not signed by an authority");
            secrets.put(CA, other.pem() + "and another\n" + own.pem());
            assertThat(send(to)).isEqualTo(TAKEN);
            secrets.put(CA, own.pem());
            assertThat(send(to)).isEqualTo(TAKEN);
            assertThat(secure.seen()).hasSize(2);
        }
    }

    @Test
    void givenASecretThatWasRotated_whenItIsSentAgain_thenTheNewValueIsUsed() {
        try (ReceiverServer next = new ReceiverServer()) {
            receiver.then(500);
            secrets.put(URL, receiver.url());
            assertThat(send(SLACK)).isInstanceOf(SendOutcome.Later.class);

            secrets.put(URL, next.url());

            assertThat(send(SLACK)).isEqualTo(TAKEN);
            assertThat(receiver.seen()).hasSize(1);
            assertThat(next.seen()).hasSize(1);
        }
    }

    static Stream<Arguments> missing() {
        return Stream.of(
                Arguments.of(
                        new SecretValues.NotFound(),
                        Reason.CREDENTIALS_MISSING,
                        "Secret shop/slack, which spec.slack.urlSecretRef of NotificationChannel oncall names, does not"
                                + " exist. Create it with the key url."),
                Arguments.of(
                        new SecretValues.KeyMissing(), Reason.CREDENTIALS_MISSING, "Secret shop/slack has no key url"),
                Arguments.of(new SecretValues.Empty(), Reason.CREDENTIALS_MISSING, "has nothing under the key url"),
                Arguments.of(new SecretValues.Forbidden(), Reason.FORBIDDEN, "Mainstay may not read Secret shop/slack"),
                Arguments.of(
                        new SecretValues.Value("hooks.slack.com/canary"),
                        Reason.CREDENTIALS_UNSUITABLE,
                        "What stands under the key url of Secret shop/slack, which spec.slack.urlSecretRef of"
                                + " NotificationChannel oncall names, is no URL of http or https"));
    }

    @ParameterizedTest
    @MethodSource("missing")
    void givenASecretThatCanNotBeUsed_whenItIsSent_thenItIsTriedAgainAndNothingIsTold(
            SecretValues.Answer answer, Reason reason, String words) {
        secrets.put(URL, answer);

        assertLater(send(SLACK), reason, words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://canary",
                "https://user:canary@example.org",
                "https://example.org/#canary",
                "https://example.org:99999/canary",
                "https://exam ple.org/canary",
                "https://example.org/one\nhttps://example.org/canary",
                "https:///canary",
                "canary",
                "https://canary.invalid/canary",
                "http://127.0.0.1:1/canary",
                "http://169.254.169.254/canary",
                "https://[fe80::1]/canary"
            })
    void givenAUrlThatIsSecret_whenItCanNotBeUsed_thenNothingOfItIsToldOrLogged(String url) throws Exception {
        secrets.put(URL, url);

        assertThat(withLog(SLACK)).doesNotContain("canary").hasSizeGreaterThan(50);
    }

    @Test
    void givenAReceiverThatRepeatsWhatIsSecret_whenItRefuses_thenNothingOfItIsToldOrLogged() throws Exception {
        secrets.put(URL, receiver.url() + "/path-canary?key=query-canary")
                .put(HMAC, "hmac-canary")
                .put(TOKEN, "Bearer token-canary");
        NotificationDestination to = AlertMessages.webhook(new WebhookDestination(null, URL, HMAC, TOKEN, null, null));
        for (String said : List.of("/path-canary", "key=query-canary", "query-canary", "hmac-canary", "token-canary")) {
            receiver.then(404, Map.of(), "not known: " + said);

            assertThat(withLog(to)).contains("the webhook answered 404").doesNotContain("canary");
        }
    }

    /** It is sent in another form, and the receiver knows it in its own. */
    @ParameterizedTest
    @ValueSource(strings = {"canary-pass", "user:canary-pass", "dXNlcjpjYW5hcnktcGFzcw=="})
    void givenABasicPassword_whenTheReceiverRepeatsIt_thenItIsNotTold(String said) throws Exception {
        secrets.put(TOKEN, "Basic dXNlcjpjYW5hcnktcGFzcw==");
        receiver.then(401, Map.of(), "wrong: " + said);

        assertThat(withLog(webhook(receiver.url(), null, TOKEN, null)))
                .contains("the webhook answered 401")
                .doesNotContain(said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer canary\nX-Other: 1", "Bearer canaré"})
    void givenAHeaderThatIsNone_whenItIsSent_thenNothingOfItIsTold(String value) throws Exception {
        secrets.put(TOKEN, value);

        assertThat(withLog(webhook(receiver.url(), null, TOKEN, null)))
                .contains("can't stand in a header")
                .doesNotContain("canar");
        assertThat(receiver.seen()).isEmpty();
    }

    @Test
    void givenAuthoritiesThatAreNone_whenItIsSent_thenNothingOfThemIsTold() throws Exception {
        secrets.put(CA, "canary");
        assertThat(withLog(webhook(receiver.url(), null, null, CA)))
                .contains("holds no certificates as PEM")
                .doesNotContain("canary");
        secrets.put(CA, "-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----");
        assertThat(withLog(webhook(receiver.url(), null, null, CA)))
                .contains("holds no certificates as PEM")
                .doesNotContain("canary");
    }

    @Test
    void givenAnApiServerThatDoesNotAnswer_whenASecretIsRead_thenItIsTriedAgain() {
        HttpSender without = new HttpSender(
                (namespace, key) -> {
                    throw new IllegalStateException("canary");
                },
                Clock.systemUTC(),
                Duration.ofSeconds(1),
                cut -> {});

        SendOutcome outcome = without.send(List.of(AlertMessages.of("a", TRIGGER, SLACK)), 0);

        assertLater(outcome, Reason.CREDENTIALS_MISSING, "could not be read (IllegalStateException)");
        assertThat(outcome.toString()).doesNotContain("canary");
        without.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data",
                "http://[fe80::1]:9090",
                "http://[::ffff:169.254.169.254]",
                "http://2852039166"
            })
    void givenALinkLocalAddress_whenItIsNamed_thenNothingIsSent(String url) {
        for (NotificationDestination to : List.of(webhook(url, null, null, null), AlertMessages.alertmanager(url))) {
            assertThat(send(to))
                    .isInstanceOfSatisfying(
                            SendOutcome.Refused.class,
                            refused -> assertThat(refused.message())
                                    .contains("an address of the kind where clouds hand out a node's credentials"));
        }
    }

    @Test
    void givenAlertmanagers_whenTheyAreTold_thenEachIsAndOneThatTakesItIsEnough() throws Exception {
        secrets.put(TOKEN, "Bearer abc");
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        try (ReceiverServer second = new ReceiverServer()) {
            second.then(503);
            NotificationDestination to = new NotificationDestination(
                    null,
                    null,
                    new AlertmanagerDestination(
                            List.of("http://127.0.0.1:" + nobody, second.url(), receiver.url() + "/prefix/"),
                            TOKEN,
                            null));

            assertThat(send(to)).isEqualTo(TAKEN);

            assertThat(receiver.seen().getFirst().line()).isEqualTo("POST /prefix/api/v2/alerts");
            assertThat(second.seen().getFirst().line()).isEqualTo("POST /api/v2/alerts");
            assertThat(second.seen().getFirst().headers()).containsEntry("Authorization", "Bearer abc");
            assertThat(receiver.seen().getFirst().body())
                    .startsWith("[{\"labels\":{\"alertname\":\"a\"")
                    .contains("\"endsAt\":\"2026-05-01T03:05:00Z\"");
        }
    }

    private static void assertMayHaveArrived(SendOutcome outcome, boolean expected) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        SendOutcome.Later.class,
                        later -> assertThat(later.unanswered()).isEqualTo(expected));
    }

    @Test
    void givenNobodyWhoListens_whenItIsSent_thenItHasNotArrivedForCertain() {
        assertMayHaveArrived(send(webhook("http://127.0.0.1:1", null, null, null)), false);
        assertMayHaveArrived(send(webhook("http://nobody.invalid", null, null, null)), false);
    }

    @Test
    void givenAlertmanagersOfWhichOneDoesNotAnswer_whenTheOthersAreAway_thenTheMessageMayHaveArrived()
            throws Exception {
        try (RawReceiver raw = new RawReceiver("", false)) {
            assertMayHaveArrived(send(AlertMessages.alertmanager("http://127.0.0.1:1", raw.url())), true);
        }
    }

    @Test
    void givenAlertmanagersThatDoNotTakeIt_whenOneIsOnlyAway_thenItIsSentAgain() {
        receiver.then(400, Map.of(), "bad").then(400, Map.of(), "bad");
        String away = "http://127.0.0.1:1";

        assertLater(
                send(AlertMessages.alertmanager(receiver.url(), away)),
                Reason.RECEIVER_UNREACHABLE,
                "the Alertmanager at 127.0.0.1:1: the connection was refused");
        assertThat(send(AlertMessages.alertmanager(receiver.url())).toString())
                .contains("RECEIVER_REFUSED", "answered 400 with \"bad\"");
    }

    @Test
    void givenADigest_whenAnAlertmanagerShouldBeTold_thenItIsTakenWithoutARequest() {
        NotificationDestination to = AlertMessages.alertmanager(receiver.url());

        assertThat(sender.send(List.of(AlertMessages.of("a", DIGEST, to)), 0)).isEqualTo(TAKEN);
        assertThat(receiver.seen()).isEmpty();
    }

    /** One that is not taken was not cut: it is sent again. */
    @Test
    void givenAMessageThatIsLongerThanItsReceiverTakes_whenItIsTaken_thenThatIsTold() {
        secrets.put(URL, receiver.url() + "/services/T0/B0/x");
        receiver.then(503);
        List<String> cuts = new ArrayList<>();
        AlertMessage message = AlertMessages.titled(AlertMessages.of("a", TRIGGER, SLACK), "t".repeat(151));
        try (HttpSender telling = new HttpSender(
                secrets,
                Clock.systemUTC(),
                Duration.ofSeconds(10),
                cut -> cuts.add(cut.message().key() + " " + cut.found()))) {
            telling.send(List.of(message), 0);
            assertThat(cuts).isEmpty();

            assertThat(telling.send(List.of(message), 0)).isEqualTo(TAKEN);
            assertThat(cuts)
                    .containsExactly(
                            "a-TRIGGER NotificationChannel oncall has taken a message (Trigger) and was not told"
                                    + " all of it: its title of 151 characters was cut to 150.");
        }
    }

    private SendOutcome send(NotificationDestination to) {
        return sender.send(List.of(AlertMessages.of("a", TRIGGER, to)), 0);
    }

    /** What came of it, and all that was logged meanwhile. */
    private String withLog(NotificationDestination to) {
        PrintStream error = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            return send(to).toString() + log.toString(StandardCharsets.UTF_8);
        } finally {
            System.setErr(error);
        }
    }

    private static void assertLater(SendOutcome outcome, Reason reason, String words) {
        assertThat(outcome).isInstanceOfSatisfying(SendOutcome.Later.class, later -> {
            assertThat(later.reason()).isEqualTo(reason);
            assertThat(later.message()).contains(words).doesNotContain("canary");
            assertThat(later.after()).isNull();
        });
    }

    private static NotificationDestination webhook(
            String url, SecretKeyReference hmac, SecretKeyReference authorization, SecretKeyReference ca) {
        return AlertMessages.webhook(new WebhookDestination(url, null, hmac, authorization, ca, null));
    }

    private static String hmac(String key, String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }
}
