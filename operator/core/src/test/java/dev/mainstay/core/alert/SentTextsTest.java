package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mainstay.api.alert.AlertmanagerDestination;
import dev.mainstay.api.alert.NotificationDestination;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.api.alert.WebhookDestination;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is left of what people write when it is sent on. */
class SentTextsTest {

    /** A name that is read backwards from its middle on looks like another: CVE-2021-42574. */
    @ParameterizedTest
    @CsvSource({
        "202a, fffd",
        "202b, fffd",
        "202c, fffd",
        "202d, fffd",
        "202e, fffd",
        "2066, fffd",
        "2067, fffd",
        "2068, fffd",
        "2069, fffd",
        "200e, fffd",
        "200f, fffd",
        "061c, fffd",
        "200b, fffd",
        "2060, fffd",
        "feff, fffd",
        "00ad, fffd",
        "180e, fffd",
        "fffa, fffd",
        "e0001, fffd",
        "e0041, fffd",
        "d800, fffd",
        "dc00, fffd",
        "00, 20",
        "07, 20",
        "08, 20",
        "09, 20",
        "0b, 20",
        "0d, 20",
        "1b, 20",
        "1f, 20",
        "7f, 20",
        "80, 20",
        "85, 20",
        "9b, 20",
        "9f, 20",
        "2028, 20",
        "2029, 20",
        "0a, 0a",
        "20, 20",
        "a0, a0",
        "41, 41",
        "5d0, 5d0",
        "627, 627",
        "200c, 200c",
        "200d, 200d",
        "1f525, 1f525"
    })
    void givenACharacter_whenItIsSentOn_thenItDoesNothingToWhatStandsBesideIt(String sent, String told) {
        String before = "a" + Character.toString(Integer.parseInt(sent, 16)) + "b";
        String after = "a" + Character.toString(Integer.parseInt(told, 16)) + "b";
        AlertMessage message = Messages.labelled(
                Messages.says(Messages.trigger("cpu"), before, before, null),
                Map.of("alertname", "cpu", "source", before),
                Messages.BEGAN,
                null);

        String title = told.equals("0a") ? "a b" : after;

        assertThat(SentTexts.plain(before)).isEqualTo(after);
        assertThat(json(SlackBody.of(List.of(message))).get("text").textValue())
                .isEqualTo("*" + title + "* (critical)\n" + after);
        for (JsonNode alert : List.of(
                json(WebhookBody.of(List.of(message), 10, 0)).at("/alerts/0"),
                json(AlertmanagerBody.of(List.of(message), Messages.ENDED)).get(0))) {
            assertThat(alert.at("/annotations/summary").textValue()).isEqualTo(title);
            assertThat(alert.at("/annotations/description").textValue()).isEqualTo(after);
            assertThat(alert.at("/labels/source").textValue()).isEqualTo(after);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "slack        | 150  | 3000 | -",
                "slack        | 151  | 3000 | its title of 151 characters was cut to 150",
                "slack        | 150  | 3001 | its text of 3001 characters was cut to 3000",
                "slack        | 151  | 3001 | its title of 151 characters was cut to 150 and its text of 3001 characters was cut to 3000",
                "webhook      | 1024 | 8000 | -",
                "webhook      | 1025 | 8001 | its title of 1025 characters was cut to 1024 and its text of 8001 characters was cut to 8000",
                "alertmanager | 1024 | 8001 | its text of 8001 characters was cut to 8000"
            })
    void givenAMessage_whenItsReceiverTakesLess_thenItIsSaidWhatIsLeftOut(
            String type, int title, int text, String cut) {
        AlertMessage message = to(type, "cpu", "😀".repeat(title), "é".repeat(text));

        assertThat(found(List.of(message)))
                .isEqualTo(
                        cut == null
                                ? List.of()
                                : List.of(
                                        "NotificationChannel oncall has taken a message (Trigger) and was not told all"
                                                + " of it: " + cut + "."));
    }

    /** What is written as five characters counts as five at Slack. */
    @Test
    void givenCharactersThatAreEscaped_whenTheyAreCounted_thenAsTheyAreWritten() {
        assertThat(found(List.of(to("slack", "cpu", "t", "&".repeat(601)))))
                .singleElement()
                .asString()
                .contains("its text of 3005 characters was cut to 3000");
        assertThat(found(List.of(to("webhook", "cpu", "t", "&".repeat(8000))))).isEmpty();
    }

    @Test
    void givenManyThatWaitForSlack_whenTheyAreToldAtOnce_thenTheyAreWholeWhileAllFit() {
        List<AlertMessage> few = IntStream.range(0, 12)
                .mapToObj(number -> to("slack", "cpu-" + number, "t", "x".repeat(3_000)))
                .toList();
        assertThat(found(few)).isEmpty();
        assertThat(SlackBody.of(few)).doesNotContain("…");

        List<AlertMessage> many = IntStream.range(0, 22)
                .mapToObj(number -> to("slack", "cpu-" + number, "t", "x".repeat(number == 0 ? 900 : 3_000)))
                .toList();
        assertThat(CutMessage.of(many))
                .extracting(cut -> cut.message().ownerUid())
                .hasSize(21)
                .doesNotContain("uid-cpu-0");
        assertThat(found(many).getFirst()).contains("its text of 3000 characters was cut to 1000");
        assertThat(found(many).getLast())
                .contains("of 22 messages that waited, the gravest 20 were told, and this one was counted");
    }

    @Test
    void givenNothing_whenItIsCounted_thenNothingIsLeftOut() {
        assertThat(CutMessage.of(List.of())).isEmpty();
        assertThat(CutMessage.of(List.of(Messages.says(to("webhook", "cpu", "", ""), null, null, null))))
                .isEmpty();
    }

    private static List<String> found(List<AlertMessage> messages) {
        return CutMessage.of(messages).stream().map(CutMessage::found).toList();
    }

    private static AlertMessage to(String type, String rule, String title, String text) {
        AlertMessage message = Messages.says(Messages.of(rule, NotificationKind.TRIGGER), title, text, null);
        return switch (type) {
            case "webhook" ->
                Messages.to(
                        message,
                        new NotificationDestination(
                                null, new WebhookDestination("https://hook/", null, null, null, null, 10), null));
            case "alertmanager" ->
                Messages.to(
                        message,
                        new NotificationDestination(
                                null, null, new AlertmanagerDestination(List.of("https://am/"), null, null)));
            default -> message;
        };
    }

    private static JsonNode json(String body) {
        try {
            return new JsonMapper().readTree(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
