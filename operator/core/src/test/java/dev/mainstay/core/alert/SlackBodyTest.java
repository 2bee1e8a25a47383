package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mainstay.api.alert.AlertSeverity;
import dev.mainstay.api.alert.NotificationKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlackBodyTest {

    private static final int SLACK_TAKES = 40_000;

    @Test
    void givenAMessage_whenItIsWritten_thenItIsOneTextWithALink() {
        assertThat(SlackBody.of(List.of(Messages.trigger("error-rate")))).isEqualTo("""
                {"text":"*shop: error-rate fires* (critical)\\nThe ratio was 2.4 %, above 1 % since 03:00.\\n\
                What to do: <https://runbooks.example.org/error-rate?a=1&amp;b=2>"}""");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TRIGGER | *shop: cpu fires* (critical)",
                "REPEAT  | *shop: cpu fires* (critical)",
                "RESOLVE | *shop: cpu is over*",
                "DIGEST  | *shop: cpu fires*",
                "TEST    | *shop: cpu fires*"
            })
    void givenAKind_whenItIsWritten_thenOnlyWhatFiresSaysHowGraveItIs(NotificationKind kind, String line) {
        assertThat(text(Messages.of("cpu", kind)).lines().findFirst()).contains(line);
    }

    @Test
    void givenTextThatWouldCallEverybody_whenItIsWritten_thenItCallsNobody() {
        AlertMessage message = Messages.says(
                Messages.trigger("cpu"), "a <!channel> & b", "see <https://evil.example|here> <@U1>", null);

        assertThat(text(message))
                .isEqualTo("*a &lt;!channel&gt; &amp; b* (critical)\n"
                        + "see &lt;https://evil.example|here&gt; &lt;@U1&gt;");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "   ", "\n"})
    void givenNoWords_whenItIsWritten_thenItIsNotEmpty(String nothing) {
        assertThat(text(Messages.says(Messages.trigger("cpu"), nothing, nothing, nothing)))
                .isEqualTo("*cpu* (critical)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "https://a b",
                "https://example.org/<!channel> x",
                "no url",
                "https://é.example"
            })
    void givenARunbookThatIsNoUrl_whenItIsWritten_thenThereIsNoLink(String url) {
        assertThat(text(Messages.says(Messages.trigger("cpu"), "title", "text", url)))
                .isEqualTo("*title* (critical)\ntext");
    }

    @Test
    void givenAUrlThatEndsTheLink_whenItIsWritten_thenItIsOneLinkStill() {
        assertThat(text(Messages.says(Messages.trigger("cpu"), "t", "x", "https://e.example/a|b>c")))
                .endsWith("<https://e.example/a%7Cb&gt;c>");
    }

    @Test
    void givenTextThatIsTooLong_whenItIsWritten_thenItIsCutBetweenCharactersAndSaysSo() {
        AlertMessage message =
                Messages.says(Messages.trigger("cpu"), "🔥".repeat(200) + "\nx", "&".repeat(3_001), null);

        String[] lines = text(message).split("\n");

        assertThat(lines[0]).isEqualTo("*" + "🔥".repeat(149) + "…* (critical)");
        assertThat(lines[1]).isEqualTo("&amp;".repeat(599) + "…").hasSizeLessThanOrEqualTo(3_000);
    }

    @Test
    void givenTextOfTheLargestLength_whenItIsWritten_thenItIsWhole() {
        String longest = "é".repeat(3_000);

        assertThat(text(Messages.says(Messages.trigger("cpu"), "t", longest, null)))
                .isEqualTo("*t* (critical)\n" + longest);
    }

    @Test
    void givenHalfOfACharacter_whenItIsWritten_thenItIsNone() {
        assertThat(text(Messages.says(Messages.trigger("cpu"), "a\ud83d", "\udd25b", null)))
                .isEqualTo("*a\ufffd* (critical)\n\ufffdb");
    }

    @Test
    void givenManyThatWait_whenTheyAreWritten_thenTheGravestAreToldInTheirOrderAndTheRestIsCounted() {
        List<AlertMessage> waiting = new ArrayList<>(IntStream.range(0, 31)
                .mapToObj(number -> Messages.grave(Messages.trigger("info-" + number), AlertSeverity.INFO))
                .toList());
        waiting.add(Messages.trigger("grave"));

        String text = text(waiting.toArray(AlertMessage[]::new));

        assertThat(text)
                .startsWith("*shop: info-0 fires* (info)")
                .contains("*shop: info-18 fires* (info)", "*shop: grave fires* (critical)")
                .doesNotContain("info-19")
                .endsWith("\n\n… and 12 more");
    }

    @Test
    void givenAStormOfLongMessages_whenTheyAreWritten_thenSlackTakesTheText() {
        AlertMessage longest = Messages.says(
                Messages.trigger("cpu"), "<".repeat(5_000), "&".repeat(50_000), "https://e.example/" + "&".repeat(200));

        String text =
                text(IntStream.range(0, 1_000).mapToObj(ignored -> longest).toArray(AlertMessage[]::new));

        assertThat(text.codePointCount(0, text.length())).isLessThan(SLACK_TAKES);
        assertThat(text).endsWith("… and 980 more");
    }

    private static String text(AlertMessage... messages) {
        try {
            JsonNode body = new JsonMapper().readTree(SlackBody.of(List.of(messages)));
            assertThat(body.fieldNames()).toIterable().containsExactly("text");
            return body.get("text").textValue();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
