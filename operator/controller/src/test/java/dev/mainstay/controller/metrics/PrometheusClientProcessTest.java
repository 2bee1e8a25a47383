package dev.mainstay.controller.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.metrics.Prometheus;
import dev.mainstay.core.metrics.MetricSample;
import dev.mainstay.core.metrics.MetricSample.Failed;
import dev.mainstay.core.metrics.MetricSample.NoData;
import dev.mainstay.core.metrics.MetricSample.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client against a real Prometheus. */
@Tag("process")
class PrometheusClientProcessTest {

    private static PrometheusServer server;
    private static PrometheusClient client;

    @BeforeAll
    static void start(@TempDir Path folder) {
        client = new PrometheusClient();
        server = new PrometheusServer(folder);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() ->
                        assertThat(query("count_over_time(up[1m]) > bool 1")).isEqualTo(new Value(1)));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.stop();
        client.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "up                                   | 1",
                "up{job=\"itself\"} * 0.024           | 0.024",
                "sum(up) + 0                          | 1",
                "3 * 7                                | 21",
                "vector(-1e-9)                        | -1e-9",
                "vector(123456789012345)              | 123456789012345",
                "1e21                                 | 1e21",
                "1 / 0                                | Infinity",
                "-sum(up) / 0                         | -Infinity",
                "vector(1) # é, + and & are no syntax | 1"
            })
    void aSeriesAndAScalarAreValues(String promql, double value) {
        // A scrape that takes longer than a second counts as failed, until the next.
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(query(promql)).isEqualTo(new Value(value)));
    }

    @Test
    void aQueryIsAskedAsOfThen() {
        Prometheus source = new Prometheus(server.url(), null);
        Instant then = Instant.ofEpochSecond(1_700_000_000);

        assertThat(client.query(source, "time()", then)).isEqualTo(new Value(1_700_000_000));
        assertThat(client.query(source, "up", then)).isEqualTo(new NoData("the query finds no series"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"there_is_no_such_metric", "up > 1", "rate(up[1ms])", "sum(there_is_no_such_metric)"})
    void noSeriesIsNoData(String promql) {
        assertThat(query(promql)).isEqualTo(new NoData("the query finds no series"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 / 0",
                "(up - up) / (up - up)",
                "histogram_quantile(0.9, sum by (le) (0 * prometheus_http_request_duration_seconds_bucket))"
            })
    void nanIsNoDataAndSoIsAQuantileOfNoRequests(String promql) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(query(promql)).isEqualTo(new NoData("the value is NaN, as 0/0 is")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sum(", "no_such_function(up)", "rate(up)", "up{", "   ", "\"open"})
    void aQueryThatIsNoneIsToldWithTheServersWords(String promql) {
        assertFailed(query(promql), "Prometheus can't work with the query (bad_data: ", "Correct promql.");
    }

    @Test
    void aQueryThatCanNotBeWorkedOutIsToldWithTheServersWords() {
        assertFailed(
                query("up + on() {__name__=~\"go_memstats_.+\"}"),
                "Prometheus can't work with the query (execution: ",
                "Correct promql.");
    }

    @Test
    void severalSeriesAreToldAndSoIsWhatToDo() {
        assertFailed(query("{__name__=~\"go_memstats_.+\"}"), " series, and a check compares one value. Aggregate it");
        assertFailed(query("label_replace(up, \"a\", \"b\", \"\", \"\") or up"), "gives 2 series");
    }

    @Test
    void anAnswerThatIsTooLargeIsNotRead() {
        String all = "{__name__=~\".+\"}";
        String labels = "x".repeat(3000);

        assertFailed(
                query("label_replace(" + all + ", \"a\", \"" + labels + "\", \"\", \"\")"), "larger than 1.00 MiB");
    }

    @Test
    void aRangeAndATextAreNoValues() {
        assertFailed(query("up[1m]"), "gives a range and no value");
        assertFailed(query("\"text\""), "gives a text and no number");
    }

    /** Prometheus looks at the clock between the parts of a query, so it takes many that take a while. */
    @Test
    void aQueryThatTakesTooLongIsEndedByTheServer() {
        String parts = String.join(" + ", Collections.nCopies(40, "sum_over_time(vector(1)[10d:1s])"));

        assertFailed(
                client.query(new Prometheus(server.url(), "30s"), parts),
                "Prometheus did not finish the query in time (timeout: query timed out");
    }

    @Test
    void aUrlWithoutItsPathIsTold() {
        assertFailed(
                client.query(new Prometheus(server.root(), "5s"), "up"), "The answer was 404", "its path included");
    }

    @Test
    void httpsWhereThereIsNoneIsTold() {
        assertFailed(
                client.query(new Prometheus(server.url().replace("http:", "https:"), "5s"), "up"),
                "no TLS connection came about");
    }

    /** None is refused, and the first, asked of a metric that is there, takes no errors for 0. */
    @Test
    void whatThePageShowsAreQueries() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("repositoryRoot"), "docs/metrics-checks.md"));
        List<String> queries = Pattern.compile("(?s)```promql\n(.*?)```|promql: \\|\n(.*?)\ncomparison:")
                .matcher(page)
                .results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .toList();

        assertThat(queries)
                .hasSize(4)
                .allSatisfy(query -> assertThat(query(query)).isEqualTo(new NoData("the query finds no series")));
        String own = queries.getFirst()
                .replace("http_requests_total", "prometheus_http_requests_total")
                .replace("namespace=\"shop\"", "job=\"itself\"");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(query(own)).isEqualTo(new Value(0)));
    }

    private static MetricSample query(String promql) {
        return client.query(new Prometheus(server.url(), null), promql);
    }

    private static void assertFailed(MetricSample sample, String... why) {
        assertThat(sample)
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.why()).contains(why));
    }
}
