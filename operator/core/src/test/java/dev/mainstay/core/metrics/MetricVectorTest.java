package dev.mainstay.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MetricVectorTest {

    @Test
    void givenSeries_whenTheyAreRead_thenEachHasItsLabelsAndItsNumber() {
        assertThat(good("""
                {"metric": {"job": "a", "le": "0.5"}, "value": [1, "2"]},
                {"metric": {}, "value": [1, "NaN"]},
                {"metric": {"job": "b\\"c"}, "value": [1, "+Inf"]}""", "").vector())
                .isEqualTo(new MetricVector.Found(
                        List.of(
                                new MetricVector.Series(Map.of("job", "a", "le", "0.5"), 2),
                                new MetricVector.Series(Map.of(), Double.NaN),
                                new MetricVector.Series(Map.of("job", "b\"c"), Double.POSITIVE_INFINITY)),
                        null));
    }

    @Test
    void givenAHistogramAmongThem_whenTheyAreRead_thenTheOthersStand() {
        assertThat(good("""
                {"metric": {"job": "a"}, "histogram": [1, {}]}, {"metric": {"job": "b"}, "value": [1, "2"]}""", "").vector())
                .isEqualTo(new MetricVector.Found(List.of(new MetricVector.Series(Map.of("job", "b"), 2)), null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"warnings\": [\"one store is away\", \"another\"], | one store is away",
                "\"warnings\": [\"PromQL info: metric might not be a counter\"], |",
                "\"warnings\": [\"PromQL warning: bucket label\", \"one store is away\"], | one store is away",
                "\"warnings\": [], |",
                "\"infos\": [\"PromQL info: metric might not be a counter\"], |",
                "\"isPartial\": true, | the server says that its answer is partial",
                "\"isPartial\": false, |"
            })
    void givenWarnings_whenTheyTellOfAPartThatIsMissing_thenTheAnswerIsPartial(String field, String partial) {
        PrometheusAnswer answer = good("{\"metric\": {}, \"value\": [1, \"2\"]}", field);

        assertThat(answer.partial()).isEqualTo(partial);
        assertThat(answer.vector())
                .isEqualTo(new MetricVector.Found(List.of(new MetricVector.Series(Map.of(), 2)), partial));
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(answer(400, error("bad_data")), true, "Correct series or labels in spec.metrics"),
                Arguments.of(answer(503, error("timeout")), false, "did not finish the query in time"),
                Arguments.of(answer(500, "<html>"), false, "an HTML page"),
                Arguments.of(answer(302, ""), false, "no redirect is followed"),
                Arguments.of(
                        answer(
                                200,
                                "{\"status\": \"success\", \"data\": {\"resultType\": \"scalar\", \"result\": [1, \"2\"]}}"),
                        false,
                        "holds no vector"),
                Arguments.of(
                        answer(
                                200,
                                "{\"status\": \"success\", \"data\": {\"resultType\": \"vector\", \"result\": [{}]}}"),
                        false,
                        "holds no value"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void givenNoVector_whenItIsRead_thenItSaysWhoseFaultItIs(PrometheusAnswer answer, boolean ofQuery, String why) {
        assertThat(answer.vector()).isInstanceOfSatisfying(MetricVector.Failed.class, failed -> {
            assertThat(failed.ofQuery()).isEqualTo(ofQuery);
            assertThat(failed.why()).contains(why);
        });
        assertThat(answer.partial()).isNull();
    }

    static Stream<Arguments> tooWide() {
        return Stream.of(
                Arguments.of(new PrometheusAnswer(200, null, "{", false), "The answer was larger than 8.00 MiB"),
                Arguments.of(
                        answer(422, error("execution")), "Prometheus can't work with the query (execution: so it is)"));
    }

    /** It says nothing of what an answer for fewer applications would be. */
    @ParameterizedTest
    @MethodSource("tooWide")
    void givenAnAnswerThatIsTooLargeOrTakesTooMuch_whenItIsRead_thenFewerMayBeAskedFor(
            PrometheusAnswer answer, String why) {
        assertThat(answer.vector())
                .isInstanceOfSatisfying(
                        MetricVector.TooWide.class,
                        wide -> assertThat(wide.why()).startsWith(why).contains("spec.metrics"));
        assertThat(answer.partial()).isNull();
        assertThat(answer.blamesQuery()).isTrue();
    }

    @Test
    void givenAQueryOfAUser_whenItGivesNoOneValue_thenTheQueryIsToBlameAndNotTheServer() {
        String two = "{\"metric\": {}, \"value\": [1, \"2\"]}, {\"metric\": {}, \"value\": [1, \"2\"]}";

        assertThat(good(two, "").blamesQuery()).isTrue();
        assertThat(answer(400, error("bad_data")).blamesQuery()).isTrue();
        assertThat(good("", "").blamesQuery()).isFalse();
        assertThat(good("{\"metric\": {}, \"value\": [1, \"2\"]}", "").blamesQuery())
                .isFalse();
        assertThat(answer(503, error("timeout")).blamesQuery()).isFalse();
        assertThat(answer(502, "").blamesQuery()).isFalse();
    }

    private static PrometheusAnswer good(String series, String field) {
        return answer(
                200,
                "{\"status\": \"success\", " + field + " \"data\": {\"resultType\": \"vector\", \"result\": [" + series
                        + "]}}");
    }

    private static PrometheusAnswer answer(int status, String body) {
        return new PrometheusAnswer(status, null, body, true);
    }

    private static String error(String type) {
        return "{\"status\": \"error\", \"errorType\": \"" + type + "\", \"error\": \"so it is\"}";
    }
}
