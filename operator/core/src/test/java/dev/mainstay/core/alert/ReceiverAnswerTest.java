package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiverAnswerTest {

    private static final Instant NOW = Instant.parse("2026-05-01T03:00:00Z");

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void givenAnAnswerThatIsGood_thenItIsTaken(int status) {
        for (ReceiverType type : ReceiverType.values()) {
            assertThat(outcome(type, status, null, "ok")).isEqualTo(new SendOutcome.Taken());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "408, RECEIVER_FAILED",
        "425, RECEIVER_FAILED",
        "429, RATE_LIMITED",
        "500, RECEIVER_FAILED",
        "502, RECEIVER_FAILED",
        "503, RECEIVER_FAILED",
        "504, RECEIVER_FAILED",
        "599, RECEIVER_FAILED"
    })
    void givenATroubleThatPasses_thenItIsWorthAnotherAttempt(int status, Reason reason) {
        for (ReceiverType type : ReceiverType.values()) {
            assertThat(outcome(type, status, null, "")).isInstanceOfSatisfying(SendOutcome.Later.class, later -> {
                assertThat(later.reason()).isEqualTo(reason);
                assertThat(later.message()).contains(type.words() + " answered " + status);
                assertThat(later.tooMany()).isEqualTo(status == 429);
                assertThat(later.after()).isNull();
                // What stands before the receiver knows as little as we do whether it has taken it.
                assertThat(later.unanswered()).isEqualTo(status == 502 || status == 504);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 304, 307, 308, 400, 401, 403, 404, 405, 410, 422, 451})
    void givenARefusal_thenItIsNotWorthAnotherOne(int status) {
        for (ReceiverType type : ReceiverType.values()) {
            assertThat(outcome(type, status, "60", ""))
                    .isInstanceOfSatisfying(
                            SendOutcome.Refused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(Reason.RECEIVER_REFUSED));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403 | invalid_token       | Slack answered 403 invalid_token, which says that the last part of the URL is not"
                        + " right. Make a new webhook in Slack and put its URL into the Secret that spec.slack.urlSecretRef"
                        + " names.",
                "404 | no_service          | Slack answered 404 no_service, which says that the webhook was removed or switched"
                        + " off, or its URL is not whole. Make a new webhook in Slack and put its URL into the Secret that"
                        + " spec.slack.urlSecretRef names.",
                "410 | channel_is_archived | Slack answered 410 channel_is_archived, which says that the channel that the"
                        + " webhook leads to is archived. Make a new webhook in Slack and put its URL into the Secret that"
                        + " spec.slack.urlSecretRef names.",
                "400 | new_word            | Slack answered 400 new_word. Look at the receiver and its log, and whether it"
                        + " takes what this type of channel sends.",
                "302 | found               | Slack answered 302 found. That sends to another place, where nothing is sent,"
                        + " since it could be any. Name the right URL."
            })
    void givenAWordOfSlacks_thenItIsSaidWhatItMeans(int status, String body, String message) {
        assertThat(outcome(ReceiverType.SLACK, status, null, body + "\n"))
                .isEqualTo(new SendOutcome.Refused(Reason.RECEIVER_REFUSED, message));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"ok\":false,\"error\":\"channel_not_found\"} | 200 with ok: false channel_not_found, which says that",
                "{\"ok\" : false}                               | 200 with ok: false. Make a new webhook"
            })
    void givenSlacksOtherInterface_thenItsBodyIsRead(String body, String message) {
        assertThat(outcome(ReceiverType.SLACK, 200, null, body))
                .isInstanceOfSatisfying(
                        SendOutcome.Refused.class,
                        refused -> assertThat(refused.message()).contains(message));
        assertThat(outcome(ReceiverType.WEBHOOK, 200, null, body)).isEqualTo(new SendOutcome.Taken());
    }

    @ParameterizedTest
    @CsvSource({
        "1,                             1",
        "30,                            30",
        " 7 ,                           7",
        "0,                             0",
        "86400,                         600",
        "999999999,                     600",
        "'Fri, 01 May 2026 03:00:45 GMT', 45",
        "'Fri, 01 May 2026 02:00:00 GMT', 0",
        "'Sat, 02 May 2026 02:00:00 GMT', 600"
    })
    void givenATimeToWait_thenItIsRead(String header, long seconds) {
        assertThat(later(429, header)).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(later(503, header)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "1.5", "9999999999", "Fri, 99 May 2026 03:00:45 GMT"})
    void givenATimeThatIsNone_thenItIsAsIfThereWereNone(String header) {
        assertThat(later(429, header)).isNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = ReceiverType.class,
            names = {"WEBHOOK", "ALERTMANAGER"})
    void givenAnAnswerWithWords_thenTheirBeginningIsToldInOneLine(ReceiverType type) {
        assertThat(outcome(type, 422, null, "bad\r\n\tlabel \u0007name" + "x".repeat(8_000)))
                .isInstanceOfSatisfying(
                        SendOutcome.Refused.class,
                        refused -> assertThat(refused.message())
                                .contains("422 with \"bad label name" + "x".repeat(185) + "…\"")
                                .doesNotContain("\n"));
        assertThat(outcome(type, 400, null, "  <html>login</html>"))
                .isInstanceOfSatisfying(
                        SendOutcome.Refused.class,
                        refused -> assertThat(refused.message())
                                .contains("400 with an HTML page")
                                .doesNotContain("login"));
    }

    @ParameterizedTest
    @EnumSource(ReceiverType.class)
    void givenAnAnswerThatRepeatsWhatIsSecret_thenNothingOfItIsTold(ReceiverType type) {
        for (int status : new int[] {302, 404, 429, 500}) {
            assertThat(outcome(type, status, null, "no such path: /services/T0/B0/canary")
                            .toString())
                    .contains(type.words() + " answered " + status)
                    .doesNotContain("canary");
        }
    }

    @Test
    void givenAMessageThatIsTooLarge_thenItIsSaidWhichFieldMakesItSmaller() {
        for (ReceiverType type : ReceiverType.values()) {
            assertThat(outcome(type, 413, "60", "")).isInstanceOfSatisfying(SendOutcome.Refused.class, refused -> {
                assertThat(refused.reason()).isEqualTo(Reason.MESSAGE_TOO_LARGE);
                assertThat(refused.message()).contains("raise how large a request it takes");
            });
        }
        assertThat(outcome(ReceiverType.WEBHOOK, 413, null, "").toString()).contains("lower spec.webhook.maxAlerts");
        assertThat(outcome(ReceiverType.ALERTMANAGER, 413, null, "").toString()).doesNotContain("maxAlerts");
    }

    private static Duration later(int status, String header) {
        return ((SendOutcome.Later) outcome(ReceiverType.SLACK, status, header, "")).after();
    }

    private static SendOutcome outcome(ReceiverType type, int status, String retryAfter, String body) {
        return new ReceiverAnswer(status, retryAfter, body).outcome(type, List.of("/services/T0/B0/canary"), NOW);
    }
}
