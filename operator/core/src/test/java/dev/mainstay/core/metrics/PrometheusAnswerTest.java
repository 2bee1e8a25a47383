package dev.mainstay.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.metrics.MetricSample.Failed;
import dev.mainstay.core.metrics.MetricSample.NoData;
import dev.mainstay.core.metrics.MetricSample.Value;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusAnswerTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "-1, -1",
        "0.024, 0.024",
        "1e-05, 0.00001",
        "1.5e+300, 1.5E300",
        "123456789012, 123456789012",
        "+Inf, Infinity",
        "-Inf, -Infinity"
    })
    void givenAVectorOfOneSeriesOrAScalar_whenItIsRead_thenItIsTheValue(String text, double value) {
        assertThat(ok(series(text))).isEqualTo(new Value(value));
        assertThat(ok(scalar(text))).isEqualTo(new Value(value));
    }

    @Test
    void givenNoSeries_whenItIsRead_thenThereIsNoData() {
        assertThat(ok("{\"resultType\": \"vector\", \"result\": []}"))
                .isEqualTo(new NoData("the query finds no series"));
    }

    @Test
    void givenNaN_whenItIsRead_thenThereIsNoData() {
        assertThat(ok(series("NaN"))).isEqualTo(new NoData("the value is NaN, as 0/0 is"));
        assertThat(ok(scalar("NaN"))).isEqualTo(new NoData("the value is NaN, as 0/0 is"));
    }

    @Test
    void givenWarnings_whenItIsRead_thenTheValueStands() {
        assertThat(answer(200, """
                {"status": "success", "warnings": ["one store is away"], "infos": ["ends in _total"], "later": 1,
                 "data": %s}""".formatted(series("2")))).isEqualTo(new Value(2));
    }

    static Stream<Arguments> results() {
        return Stream.of(
                Arguments.of(
                        "{\"resultType\": \"vector\", \"result\": [%1$s, %1$s, %1$s]}"
                                .formatted("{\"metric\": {}, \"value\": [1, \"2\"]}"),
                        "gives 3 series, and a check compares one"),
                Arguments.of("{\"resultType\": \"matrix\", \"result\": []}", "gives a range and no value"),
                Arguments.of("{\"resultType\": \"string\", \"result\": [1, \"a\"]}", "gives a text and no number"),
                Arguments.of(
                        "{\"resultType\": \"vector\", \"result\": [{\"metric\": {}, \"histogram\": [1, {}]}]}",
                        "gives a histogram and no number"),
                Arguments.of("{\"resultType\": \"streams\", \"result\": []}", "no result that Prometheus describes"),
                Arguments.of("{\"resultType\": \"vector\", \"result\": {}}", "a vector that is no list"),
                Arguments.of("{\"resultType\": \"vector\"}", "a vector that is no list"),
                Arguments.of("{\"resultType\": \"vector\", \"result\": [{}]}", "holds no value"),
                Arguments.of("{\"resultType\": \"vector\", \"result\": [null]}", "holds no value"),
                Arguments.of("{\"resultType\": \"scalar\", \"result\": 7}", "holds no value"),
                Arguments.of(scalar("1d"), "holds no value"),
                Arguments.of(scalar("0x10"), "holds no value"),
                Arguments.of(scalar(" 1"), "holds no value"),
                Arguments.of(scalar(""), "holds no value"),
                Arguments.of("null", "no result that Prometheus describes"));
    }

    @ParameterizedTest
    @MethodSource("results")
    void givenAResultThatIsNotOneValue_whenItIsRead_thenItSaysWhatItIs(String data, String found) {
        assertThat(ok(data))
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.why()).contains(found).endsWith("."));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 422})
    void givenAQueryThatIsWrong_whenItIsRead_thenItSaysSo(int status) {
        assertThat(answer(status, """
                {"status": "error", "errorType": "bad_data", "error": "1:3: parse error:\\n unexpected end"}"""))
                .isEqualTo(new Failed("Prometheus can't work with the query (bad_data: 1:3: parse error: unexpected"
                        + " end). Correct promql."));
    }

    @Test
    void givenAQueryThatTakesTooLong_whenItIsRead_thenItSaysSo() {
        assertThat(answer(503, """
                {"status": "error", "errorType": "timeout", "error": "query timed out in expression evaluation"}"""))
                .isEqualTo(new Failed("Prometheus did not finish the query in time (timeout: query timed out in"
                        + " expression evaluation). Make the query cheaper, raise spec.metrics.prometheus.timeout, or look at"
                        + " Prometheus."));
    }

    @Test
    void givenALongError_whenItIsRead_thenItIsCutBetweenCharacters() {
        String error = "\uD83D\uDD25".repeat(1000);

        assertThat(answer(200, "{\"status\": \"error\", \"errorType\": \"internal\", \"error\": \"" + error + "\"}"))
                .isEqualTo(new Failed("Prometheus answered 200 (internal: " + "\uD83D\uDD25".repeat(300)
                        + "…). Correct spec.metrics.prometheus.url of the ManagedApplication."));
    }

    static Stream<Arguments> foreign() {
        return Stream.of(
                Arguments.of(
                        200, "", "200 with nothing", "Correct spec.metrics.prometheus.url of the ManagedApplication."),
                Arguments.of(
                        200, "<!DOCTYPE html><title>Sign in secret</title>", "an HTML page", "Correct spec.metrics"),
                Arguments.of(
                        200,
                        "\n <HTML>secret",
                        "an HTML page",
                        "Correct spec.metrics.prometheus.url of the ManagedApplication."),
                Arguments.of(
                        200,
                        "secret",
                        "text that is no JSON",
                        "Correct spec.metrics.prometheus.url of the ManagedApplication."),
                Arguments.of(
                        200,
                        "{\"secret\": 1}",
                        "other JSON",
                        "Correct spec.metrics.prometheus.url of the ManagedApplication."),
                Arguments.of(200, "[\"secret\"]", "JSON that breaks off or has mistakes", "Correct spec.metrics"),
                Arguments.of(200, "{\"status\": \"success\", \"data\": {\"secret", "JSON that breaks off", "Correct"),
                Arguments.of(
                        200, "{\"status\": \"success\"} secret", "JSON that breaks off or has mistakes", "Correct"),
                Arguments.of(
                        200, "{\"a\":".repeat(5000), "JSON that breaks off or has mistakes", "Correct spec.metrics"),
                Arguments.of(
                        200, "{\"status\": " + "9".repeat(5000) + "}", "JSON that breaks off", "Correct spec.metrics"),
                Arguments.of(
                        202, "{\"status\": \"success\", \"data\": {}}", "202 with other JSON", "Correct spec.metrics"),
                Arguments.of(
                        204, "", "204 with nothing", "Correct spec.metrics.prometheus.url of the ManagedApplication."),
                Arguments.of(
                        400,
                        "secret",
                        "text that is no JSON",
                        "Correct spec.metrics.prometheus.url of the ManagedApplication."),
                Arguments.of(
                        400,
                        "Client sent an HTTP request to an HTTPS server.",
                        "text that is no JSON",
                        "let spec.metrics.prometheus.url begin with https"),
                Arguments.of(401, "secret", "401 with", "asks for credentials, and Mainstay has none for it"),
                Arguments.of(403, "<html>secret", "403 with an HTML page", "asks for credentials"),
                Arguments.of(404, "404 page not found", "404 with text", "its path included"),
                Arguments.of(405, "", "405 with nothing", "Nothing answers queries by POST"),
                Arguments.of(429, "secret", "429 with text", "Look at its limits"),
                Arguments.of(500, "<html>secret", "500 with an HTML page", "Look at Prometheus"),
                Arguments.of(502, "", "502 with nothing", "Look at Prometheus"));
    }

    @ParameterizedTest
    @MethodSource("foreign")
    void givenAnAnswerOfAnother_whenItIsRead_thenItsKindIsToldAndNothingOfIt(
            int status, String body, String kind, String advice) {
        assertThat(answer(status, body))
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed ->
                                assertThat(failed.why()).contains(kind, advice).doesNotContain("secret"));
    }

    @Test
    void givenARedirect_whenItIsRead_thenItSaysWhereTo() {
        assertThat(new PrometheusAnswer(302, "https://login.example.org/in?state=secret#there", "", true).sample())
                .isEqualTo(
                        new Failed("The answer was 302, which sends to https://login.example.org/in, and no redirect is"
                                + " followed. Put the URL of Prometheus itself into spec.metrics.prometheus.url."));
        assertThat(new PrometheusAnswer(301, null, "", true).sample())
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.why()).contains("sends to no other place"));
    }

    @Test
    void givenAnAnswerThatIsTooLarge_whenItIsRead_thenTheQueryIsToBlame() {
        assertThat(new PrometheusAnswer(200, null, "{\"status\": \"success\", \"data", false).sample())
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.why()).contains("larger than 1.00 MiB", "Aggregate it to one"));
        assertThat(new PrometheusAnswer(500, null, "<html>", false).sample())
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.why()).contains("500 with an HTML page"));
    }

    private static MetricSample ok(String data) {
        return answer(200, "{\"status\": \"success\", \"data\": " + data + "}");
    }

    private static MetricSample answer(int status, String body) {
        return new PrometheusAnswer(status, null, body, true).sample();
    }

    private static String series(String value) {
        return "{\"resultType\": \"vector\", \"result\": [{\"metric\": {\"a\": \"b\"}, \"value\": [1764200000.5, \"%s\"]}]}"
                .formatted(value);
    }

    private static String scalar(String value) {
        return "{\"resultType\": \"scalar\", \"result\": [1764200000.5, \"%s\"]}".formatted(value);
    }
}
