package dev.mainstay.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.http.HttpReply.Answered;
import dev.mainstay.core.http.HttpReply.BodyFound;
import dev.mainstay.core.http.HttpVerdict.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an answer over HTTP is worth. */
class HttpVerdictTest {

    private static final HttpWanted ANY = new HttpWanted(List.of(200, 204), null, null);
    private static final HttpWanted ALL = new HttpWanted(List.of(200), "ready", 500);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            200 | 9000 | NOT_LOOKED_FOR |            | any | GOOD    | 200
            204 | 9000 | NOT_LOOKED_FOR |            | any | GOOD    | 204
            503 | 1    | NOT_LOOKED_FOR |            | any | WRONG   | 503 instead of 200 or 204
            302 | 1    | NOT_LOOKED_FOR | http://sso | any | WRONG   | 302 instead of 200 or 204, leading to http://sso, where it is not followed to
            200 | 500  | FOUND          |            | all | GOOD    | 200
            200 | 501  | FOUND          |            | all | WRONG   | 200 after 501 ms, longer than 500 ms (maxLatencyMilliseconds)
            200 | 1    | MISSING        |            | all | WRONG   | 200 without "ready" in its body (expectBody)
            200 | 1    | CUT            |            | all | UNKNOWN | 200 and a body that is longer than the 256 KiB that are read, without "ready" in them (expectBody)
            500 | 1    | CUT            |            | all | WRONG   | 500 instead of 200
            500 | 9000 | MISSING        |            | all | WRONG   | 500 instead of 200
            """)
    void givenAnAnswer_whenItIsJudged_thenItIsWorthThat(
            int status, long millis, BodyFound body, String elsewhere, String wanted, Kind kind, String text) {
        assertThat(HttpVerdict.of(wanted.equals("any") ? ANY : ALL, new Answered(status, millis, body, elsewhere)))
                .isEqualTo(new HttpVerdict(kind, text));
    }

    /** Who has taken the connection, and says nothing for longer than is allowed, is too slow; else nothing is known. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            any | 2000 | UNKNOWN | no answer within 2s
            all | 2000 | WRONG   | no answer within 2s, longer than 500 ms (maxLatencyMilliseconds)
            all | 500  | WRONG   | no answer within 500 ms, longer than 500 ms (maxLatencyMilliseconds)
            all | 400  | UNKNOWN | no answer within 400 ms
            """)
    void givenNoAnswerInTime_whenItIsJudged_thenALimitMakesTheDifference(
            String wanted, long millis, Kind kind, String text) {
        assertThat(HttpVerdict.of(wanted.equals("any") ? ANY : ALL, new HttpReply.Late(millis)))
                .isEqualTo(new HttpVerdict(kind, text));
    }

    @Test
    void givenNobodyAnswers_whenThatIsJudged_thenItIsWrongOnlyWhereACertificateIsRefused() {
        assertThat(HttpVerdict.of(ALL, new HttpReply.Silent("nobody is there")))
                .isEqualTo(new HttpVerdict(Kind.UNKNOWN, "nobody is there"));
        assertThat(HttpVerdict.of(ALL, new HttpReply.Refused("it has ended")))
                .isEqualTo(new HttpVerdict(Kind.WRONG, "it has ended"));
    }

    @Test
    void givenWhatIsWanted_whenItIsTold_thenItIsInWords() {
        assertThat(ANY.text()).isEqualTo("200 or 204");
        assertThat(ALL.text()).isEqualTo("200 with \"ready\" in its body, within 500 ms");
        assertThat(new HttpWanted(List.of(200), "a\nb" + "x".repeat(100), null).text())
                .isEqualTo("200 with \"a?b" + "x".repeat(56) + "…\" in its body");
    }

    @Test
    void givenABody_whenATextIsLookedFor_thenOnlyWhatIsReadCounts() {
        byte[] umlaut = "Grüße".getBytes(StandardCharsets.UTF_8);
        byte[] cut = new byte[HttpWanted.MOST_BYTES + 1];
        cut[HttpWanted.MOST_BYTES] = 'x';
        byte[] whole = new byte[HttpWanted.MOST_BYTES];
        whole[HttpWanted.MOST_BYTES - 1] = 'x';

        assertThat(BodyText.in(umlaut, "üß")).isEqualTo(BodyFound.FOUND);
        assertThat(BodyText.in(umlaut, "us")).isEqualTo(BodyFound.MISSING);
        assertThat(BodyText.in(new byte[0], "x")).isEqualTo(BodyFound.MISSING);
        assertThat(BodyText.in(whole, "x")).isEqualTo(BodyFound.FOUND);
        assertThat(BodyText.in(cut, "x")).isEqualTo(BodyFound.CUT);
    }
}
