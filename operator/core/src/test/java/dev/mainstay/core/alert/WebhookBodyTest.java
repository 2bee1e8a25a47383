package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mainstay.api.alert.NotificationKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookBodyTest {

    private static final int MANY = 50;

    @Test
    void givenAnAlertThatFires_whenItIsWritten_thenItIsAlertmanagersPayload() throws JsonProcessingException {
        assertThat(pretty(WebhookBody.of(List.of(Messages.trigger("error-rate")), MANY, 0)))
                .isEqualTo("""
                {
                  "receiver" : "oncall",
                  "status" : "firing",
                  "alerts" : [ {
                    "status" : "firing",
                    "labels" : {
                      "alertname" : "error-rate",
                      "namespace" : "shop",
                      "severity" : "critical"
                    },
                    "annotations" : {
                      "description" : "The ratio was 2.4 %, above 1 % since 03:00.",
                      "runbook_url" : "https://runbooks.example.org/error-rate?a=1&b=2",
                      "summary" : "shop: error-rate fires"
                    },
                    "startsAt" : "2026-05-01T03:00:00.250Z",
                    "endsAt" : "0001-01-01T00:00:00Z",
                    "generatorURL" : "",
                    "fingerprint" : "9bd163c95b2308d0"
                  } ],
                  "groupLabels" : {
                    "alertname" : "error-rate",
                    "namespace" : "shop",
                    "severity" : "critical"
                  },
                  "commonLabels" : {
                    "alertname" : "error-rate",
                    "namespace" : "shop",
                    "severity" : "critical"
                  },
                  "commonAnnotations" : {
                    "description" : "The ratio was 2.4 %, above 1 % since 03:00.",
                    "runbook_url" : "https://runbooks.example.org/error-rate?a=1&b=2",
                    "summary" : "shop: error-rate fires"
                  },
                  "externalURL" : "",
                  "version" : "4",
                  "groupKey" : "{}:{alertname=\\"error-rate\\", namespace=\\"shop\\", severity=\\"critical\\"}",
                  "truncatedAlerts" : 0
                }""");
    }

    @ParameterizedTest
    @CsvSource({
        "TRIGGER, firing,   0001-01-01T00:00:00Z",
        "REPEAT,  firing,   0001-01-01T00:00:00Z",
        "RESOLVE, resolved, 2026-05-01T03:12:00Z",
        "DIGEST,  resolved, 2026-05-01T03:00:00.250Z",
        "TEST,    firing,   0001-01-01T00:00:00Z"
    })
    void givenAKind_whenItIsWritten_thenItFiresOrIsOver(NotificationKind kind, String status, String endsAt) {
        JsonNode body = body(List.of(Messages.of("cpu", kind)), MANY, 0);

        assertThat(body.at("/status").textValue()).isEqualTo(status);
        assertThat(body.at("/alerts/0/status").textValue()).isEqualTo(status);
        assertThat(body.at("/alerts/0/endsAt").textValue()).isEqualTo(endsAt);
    }

    @ParameterizedTest
    @CsvSource({"TEST, MainstayTest, info", "DIGEST, MainstayDigest,", "TRIGGER, MainstayAlert,"})
    void givenNoNameOfAnAlert_whenItIsWritten_thenThereIsOneAllTheSame(
            NotificationKind kind, String name, String severity) {
        AlertMessage message = Messages.labelled(Messages.of("cpu", kind), Map.of("namespace", "shop"), null, null);

        JsonNode alert = body(List.of(message), MANY, 0).at("/alerts/0");

        assertThat(alert.at("/labels/alertname").textValue()).isEqualTo(name);
        assertThat(alert.at("/labels/severity").textValue()).isEqualTo(severity);
        assertThat(alert.at("/startsAt").textValue()).isEqualTo("0001-01-01T00:00:00Z");
    }

    @Test
    void givenAnEndBehindItsBeginning_whenTheyAreWritten_thenTheEndAloneIsTold() {
        JsonNode body = body(
                List.of(
                        Messages.trigger("cpu"),
                        Messages.trigger("memory"),
                        Messages.of("cpu", NotificationKind.RESOLVE)),
                MANY,
                0);

        assertThat(body.at("/status").textValue()).isEqualTo("firing");
        assertThat(body.at("/alerts").findValuesAsText("status")).containsExactly("firing", "resolved");
        assertThat(body.at("/commonLabels").toString()).isEqualTo("{\"namespace\":\"shop\",\"severity\":\"critical\"}");
        assertThat(body.at("/groupKey").textValue()).isEqualTo("{}:{namespace=\"shop\", severity=\"critical\"}");
        assertThat(body.at("/commonAnnotations/description").textValue()).startsWith("The ratio");
        assertThat(body.at("/commonAnnotations/summary").isMissingNode()).isTrue();
    }

    @Test
    void givenTheBeginningAndTheEndOfAnAlert_whenEachIsWritten_thenFingerprintAndGroupAreTheSame() {
        JsonNode begins = body(List.of(Messages.trigger("cpu")), MANY, 0);
        JsonNode ends = body(List.of(Messages.of("cpu", NotificationKind.RESOLVE)), MANY, 0);
        JsonNode other = body(List.of(Messages.trigger("memory")), MANY, 0);

        assertThat(begins.at("/alerts/0/fingerprint"))
                .isEqualTo(ends.at("/alerts/0/fingerprint"))
                .isNotEqualTo(other.at("/alerts/0/fingerprint"));
        assertThat(begins.at("/groupKey")).isEqualTo(ends.at("/groupKey")).isNotEqualTo(other.at("/groupKey"));
    }

    @Test
    void givenMoreThanItMayHold_whenTheyAreWritten_thenTheRestIsCounted() {
        List<AlertMessage> many = IntStream.range(0, 2_000)
                .mapToObj(number -> Messages.trigger("cpu-" + number))
                .toList();

        JsonNode body = body(many, MANY, 7);

        assertThat(body.at("/alerts")).hasSize(MANY);
        assertThat(body.at("/truncatedAlerts").intValue()).isEqualTo(1_957);
    }

    @Test
    void givenLabelsThatAreNone_whenTheyAreWritten_thenTheyAreOrAreLeftOut() {
        AlertMessage message = Messages.labelled(
                Messages.trigger("cpu"),
                Map.of("alertname", "a\"b\\c\nd", "app.kubernetes.io/name", "shop", "0é", "x", "empty", ""),
                Messages.BEGAN,
                null);

        JsonNode body = body(List.of(message), MANY, 0);

        assertThat(body.at("/alerts/0/labels").toString())
                .isEqualTo("{\"_0_\":\"x\",\"alertname\":\"a\\\"b\\\\c\\nd\",\"app_kubernetes_io_name\":\"shop\"}");
        assertThat(body.at("/groupKey").textValue()).contains("alertname=\"a\\\"b\\\\c\\nd\"");
    }

    @Test
    void givenTextOfAnyLength_whenItIsWritten_thenItIsCut() {
        AlertMessage message = Messages.says(Messages.trigger("cpu"), "é".repeat(2_000), "🔥".repeat(9_000), "no url");

        JsonNode annotations = body(List.of(message), MANY, 0).at("/alerts/0/annotations");

        assertThat(annotations.at("/summary").textValue()).isEqualTo("é".repeat(1_023) + "…");
        assertThat(annotations.at("/description").textValue()).isEqualTo("🔥".repeat(7_999) + "…");
        assertThat(annotations.has("runbook_url")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"TRIGGER, 2026-05-01T03:05:00Z", "REPEAT,  2026-05-01T03:05:00Z", "TEST,    2026-05-01T03:00:00Z"})
    void givenWhatAnAlertmanagerIsTold_whenItIsWritten_thenItEndsByItself(NotificationKind kind, String endsAt) {
        Instant now = Instant.parse("2026-05-01T03:00:00Z");

        JsonNode alerts = read(AlertmanagerBody.of(List.of(Messages.of("cpu", kind)), now));

        // The clock of whoever made the message may be ahead.
        assertThat(alerts.at("/0/startsAt").textValue()).isEqualTo("2026-05-01T03:00:00Z");
        assertThat(alerts.at("/0/endsAt").textValue()).isEqualTo(endsAt);
        assertThat(alerts.at("/0").fieldNames())
                .toIterable()
                .containsExactly("labels", "annotations", "startsAt", "endsAt");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-05-01T04:00:00Z, 2026-05-01T03:00:00.250Z, 2026-05-01T03:12:00Z",
        "2026-05-01T03:10:00Z, 2026-05-01T03:00:00.250Z, 2026-05-01T03:10:00Z",
        "2026-05-01T02:00:00Z, 2026-05-01T02:00:00Z,     2026-05-01T02:00:00Z"
    })
    void givenTheEndOfAnAlert_whenAnAlertmanagerIsTold_thenItIsNotAheadOfNowNorBeforeTheBeginning(
            String now, String startsAt, String endsAt) {
        JsonNode alerts = read(AlertmanagerBody.of(
                List.of(Messages.trigger("cpu"), Messages.of("cpu", NotificationKind.RESOLVE)), Instant.parse(now)));

        assertThat(alerts).hasSize(1);
        assertThat(alerts.at("/0/startsAt").textValue()).isEqualTo(startsAt);
        assertThat(alerts.at("/0/endsAt").textValue()).isEqualTo(endsAt);
    }

    @Test
    void givenADigest_whenAnAlertmanagerIsTold_thenItIsToldNothing() {
        assertThat(AlertmanagerBody.of(List.of(Messages.of("cpu", NotificationKind.DIGEST)), Messages.BEGAN))
                .isEqualTo("[]");
    }

    private static JsonNode body(List<AlertMessage> messages, int maxAlerts, int more) {
        return read(WebhookBody.of(messages, maxAlerts, more));
    }

    private static JsonNode read(String json) {
        try {
            return new JsonMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pretty(String json) throws JsonProcessingException {
        return new JsonMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(read(json))
                .replace("\r", "");
    }
}
