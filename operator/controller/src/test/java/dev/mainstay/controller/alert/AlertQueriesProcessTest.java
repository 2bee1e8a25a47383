package dev.mainstay.controller.alert;

import static dev.mainstay.controller.alert.AlertObjects.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.metrics.Prometheus;
import dev.mainstay.controller.FreePort;
import dev.mainstay.controller.kube.PodUsages;
import dev.mainstay.controller.metrics.PrometheusClient;
import dev.mainstay.controller.metrics.PrometheusServer;
import dev.mainstay.core.alert.Evaluation;
import dev.mainstay.core.alert.Evaluation.Failed;
import dev.mainstay.core.alert.Evaluation.Measured;
import dev.mainstay.core.alert.Evaluation.NoData;
import dev.mainstay.core.metrics.MetricSample.Value;
import dev.mainstay.core.metrics.MetricVector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is measured of applications that a real Prometheus scrapes each second. */
@Tag("process")
class AlertQueriesProcessTest {

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final long ENDS =
            Instant.now().plus(Duration.ofDays(20).plusHours(5)).getEpochSecond();

    private static final Map<String, IntFunction<String>> PAGES = Map.of(
            "shop",
                    visit -> requests("", 8L * visit, 2L * visit)
                            + durations(visit)
                            + """
                    kubelet_volume_stats_used_bytes{persistentvolumeclaim="a"} 10
                    kubelet_volume_stats_capacity_bytes{persistentvolumeclaim="a"} 100
                    kubelet_volume_stats_used_bytes{persistentvolumeclaim="b"} 180
                    kubelet_volume_stats_capacity_bytes{persistentvolumeclaim="b"} 200
                    redis_keyspace_hits_total %d
                    redis_keyspace_misses_total %d
                    pg_stat_activity_count{datname="shop",state="active"} 30
                    pg_stat_activity_count{datname="shop",state="idle"} 10
                    pg_settings_max_connections 50
                    probe_ssl_earliest_cert_expiry{instance="a"} %d
                    probe_ssl_earliest_cert_expiry{instance="b"} 4102444800
                    """.formatted(9L * visit, visit, ENDS),
            "well", visit -> requests("", 10L * visit, null),
            "few", visit -> requests("", visit < 3 ? 0 : 3L, visit < 3 ? 0L : 1L),
            "idle", visit -> requests("", 5, 5L) + durations(7) + """
                    redis_keyspace_hits_total 7
                    redis_keyspace_misses_total 7
                    kubelet_volume_stats_used_bytes 0
                    kubelet_volume_stats_capacity_bytes 0
                    """,
            "restarts", visit -> requests("", 8L * (visit % 5), 2L * (visit % 5)),
            // Beside a volume of which no capacity is known, one that is full.
            "endless", visit -> """
                    kubelet_volume_stats_used_bytes{persistentvolumeclaim="a"} 1
                    kubelet_volume_stats_capacity_bytes{persistentvolumeclaim="a"} 0
                    kubelet_volume_stats_used_bytes{persistentvolumeclaim="b"} 95
                    kubelet_volume_stats_capacity_bytes{persistentvolumeclaim="b"} 100
                    pg_stat_activity_count 7
                    pg_settings_max_connections 0
                    """,
            "odd",
                    visit -> requests("app=\"a\\\"b\\\\c.d|e*(f)\",", 8L * visit, 2L * visit)
                            + requests("app=\"a\\\"b\\\\cXd|e*(f)\",", 10L * visit, null)
                            + requests("app=\"e*(f)\",", 5L * visit, 5L * visit),
            "store", visit -> requests("", 10L * visit, null) + "other_total{part=\"here\"} 1\n");

    private static final PrometheusClient CLIENT = new PrometheusClient();
    private static final List<String> ASKED = new ArrayList<>();

    private static ScrapedPages pages;
    private static PrometheusServer server;
    private static HttpServer broken;

    private final HandClock clock = new HandClock();
    private final AlertSampler sampler = new AlertSampler(
            new Counting(new LiveSources(CLIENT, null, (_, _) -> Optional.empty(), _ -> List.of())),
            true,
            AlertSides::mayChange,
            _ -> {},
            clock,
            Runnable::run);

    /** Notes the queries. */
    private record Counting(AlertSources real) implements AlertSources {

        @Override
        public MetricVector vector(Prometheus source, String promql) {
            ASKED.add(promql);
            return real.vector(source, promql);
        }

        @Override
        public OneValue value(Prometheus source, String promql) {
            return real.value(source, promql);
        }

        @Override
        public PodUsages.Read podUse(ManagedApplication application) {
            return real.podUse(application);
        }

        @Override
        public Optional<ManagedApplication> application(String namespace, String name) {
            return real.application(namespace, name);
        }

        @Override
        public List<BackupPolicy> policies(ManagedApplication application) {
            return real.policies(application);
        }
    }

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        pages = new ScrapedPages(PAGES);
        broken = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        broken.createContext("/read", exchange -> {
            exchange.sendResponseHeaders(500, -1);
            exchange.close();
        });
        byte[] html = ("<html>secret" + "x".repeat(5 << 20)).getBytes(StandardCharsets.US_ASCII);
        broken.createContext("/html", exchange -> {
            exchange.sendResponseHeaders(200, html.length);
            exchange.getResponseBody().write(html);
            exchange.close();
        });
        broken.start();
        // A second store that is broken: what is asked of the job "store" by an exact matcher is asked there too.
        server = new PrometheusServer(
                folder, pages.jobs(), """
                remote_read:
                  - {url: "http://127.0.0.1:%d/read", read_recent: true, required_matchers: {job: store}}
                """.formatted(broken.getAddress().getPort()));
        Prometheus source = new Prometheus(server.url(), null);
        await().atMost(LONGEST)
                .untilAsserted(() -> assertThat(CLIENT.query(source, "min(count_over_time(up[1m])) > bool 5"))
                        .isEqualTo(new Value(1)));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.stop();
        pages.close();
        broken.stop(0);
        CLIENT.close();
    }

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("ErrorRate", "percent: 1", 0.2, 0.001, "20 %"),
                Arguments.of("RequestRate", "value: 3", 10, 2, null),
                Arguments.of("ResponseTime", "milliseconds: 500", 0.75, 0.001, "750 ms"),
                Arguments.of("DiskSpace", "percent: 95", 0.9, 1e-9, "90 %"),
                Arguments.of("CacheHitRate", "percent: 80", 0.9, 0.001, "90 %"),
                Arguments.of("DatabaseConnections", "percent: 90", 0.8, 1e-9, "80 %"),
                Arguments.of("CertificateExpiry", "duration: 21d", 86_400 * 20 + 3_600 * 5, 300, "20d4h"));
    }

    /** The query that a person is shown gives the same as the one of many applications that was asked. */
    @ParameterizedTest
    @MethodSource("values")
    void givenAMetric_whenItIsMeasured_thenTheValueIsRightAndTheShownQueryGivesIt(
            String metric, String threshold, double value, double tolerance, String text) {
        ManagedApplication shop = application("shop");
        AlertRule rule = on(metric, "10s", threshold);
        await().atMost(LONGEST)
                .untilAsserted(() -> assertThat(measured(rule, shop))
                        .isInstanceOfSatisfying(Measured.class, measured -> {
                            assertThat(measured.value()).isCloseTo(value, within(tolerance));
                            assertThat(measured.partial()).isNull();
                            if (text != null) {
                                assertThat(measured.text()).isEqualTo(text);
                            }
                        }));

        String shown = sampler.of(rule, shop).query().orElseThrow();

        assertThat(CLIENT.query(new Prometheus(server.url(), null), shown))
                .isInstanceOfSatisfying(
                        Value.class, found -> assertThat(found.value()).isCloseTo(value, within(tolerance)));
    }

    @ParameterizedTest
    @CsvSource({"well, ErrorRate, 0", "restarts, ErrorRate, 0.2", "idle, RequestRate, 0", "endless, DiskSpace, 0.95"})
    void givenSeriesThatAreNotPlain_whenTheyAreMeasured_thenTheValueIsRight(String job, String metric, double value) {
        await().atMost(LONGEST)
                .untilAsserted(() -> assertThat(measured(on(metric, "10s", "percent: 1"), application(job)))
                        .isInstanceOfSatisfying(Measured.class, measured -> {
                            assertThat(measured.value()).isCloseTo(value, within(0.001));
                        }));
    }

    /** A rate that took a restart for a step back would not be near ten. */
    @Test
    void givenCountersThatBeginAnew_whenTheyAreMeasured_thenNothingIsCountedTwice() {
        await().atMost(LONGEST)
                .untilAsserted(() -> assertThat(measured(on("RequestRate", "10s", "value: 1"), application("restarts")))
                        .isInstanceOfSatisfying(
                                Measured.class,
                                measured -> assertThat(measured.value()).isBetween(7d, 10.5)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "few    | ErrorRate     | 1m  | only 4 requests in 1m, and fewer than 20 say nothing",
                "idle   | ErrorRate     | 10s | only 0 requests in 10s, and fewer than 20 say nothing",
                "idle   | CacheHitRate  | 10s | only 0 look-ups in 10s, and fewer than 20 say nothing",
                "idle   | ResponseTime  | 10s | only 0 answers in 10s, and fewer than 20 say nothing",
                "idle   | DiskSpace     | 10s | Prometheus has no values of kubelet_volume_stats_used_bytes and kubelet_volume",
                "endless | DatabaseConnections | 10s | the value is +Inf, as 1/0 is, and no number",
                "absent | ErrorRate     | 10s | Prometheus has no values of http_requests_total with job=\"absent\"",
                "absent | RequestRate   | 10s | Prometheus has no values of http_requests_total with job=\"absent\"",
                "well   | ResponseTime  | 10s | Prometheus has no values of http_request_duration_seconds_bucket with",
                "well   | DatabaseConnections | 10s | Prometheus has no values of pg_stat_activity_count and pg_settings"
            })
    void givenNothingToTell_whenItIsMeasured_thenThereIsNoData(String job, String metric, String window, String why) {
        await().atMost(LONGEST)
                .untilAsserted(() -> assertThat(measured(on(metric, window, "percent: 1"), application(job)))
                        .isInstanceOfSatisfying(
                                NoData.class, none -> assertThat(none.why()).startsWith(why)));
    }

    /** One application is what the other's name means as a pattern; the third is a part of both as an alternative. */
    @Test
    void givenLabelsThatMeanSomethingInPatterns_whenTheyShareAQuery_thenNoneHasTheValueOfAnother() {
        Map<String, Double> wanted = Map.of("a\"b\\\\c.d|e*(f)", 0.2, "a\"b\\\\cXd|e*(f)", 0d, "e*(f)", 0.5);

        await().atMost(LONGEST).untilAsserted(() -> {
            ASKED.clear();
            Map<String, Evaluation> found = all(
                    "job: odd, app: '%s'",
                    wanted.keySet().stream()
                            .map(label -> label.replace("\\\\", "\\"))
                            .toList());
            assertThat(ASKED).as("one query for all").hasSize(1);
            wanted.forEach((label, value) -> assertThat(found.get(label.replace("\\\\", "\\")))
                    .as(label)
                    .isInstanceOfSatisfying(
                            Measured.class,
                            measured -> assertThat(measured.value()).isCloseTo(value, within(0.001))));
        });
    }

    @Test
    void givenMoreApplicationsThanAreListed_whenTheyShareAQuery_thenEachStillHasItsOwnValue() {
        List<String> jobs = new ArrayList<>(List.of("shop", "well", "idle"));
        for (int number = 0; number < 60; number++) {
            jobs.add("absent-" + number);
        }

        await().atMost(LONGEST).untilAsserted(() -> {
            ASKED.clear();
            Map<String, Evaluation> found = all("job: '%s'", jobs);
            assertThat(ASKED).singleElement().asString().contains("{job!=\"\"}");
            assertThat(found.get("shop"))
                    .isInstanceOfSatisfying(
                            Measured.class,
                            measured -> assertThat(measured.value()).isCloseTo(0.2, within(0.001)));
            assertThat(found.get("well"))
                    .isInstanceOfSatisfying(
                            Measured.class,
                            measured -> assertThat(measured.value()).isZero());
            assertThat(found.get("idle")).isInstanceOf(NoData.class);
            assertThat(found.get("absent-59")).isInstanceOf(NoData.class);
        });
    }

    @Test
    void givenASecondStoreThatIsBroken_whenTheFirstHasTheValue_thenItIsMarkedAsPartial() {
        await().atMost(LONGEST)
                .untilAsserted(() -> assertThat(measured(on("RequestRate", "11s", "value: 1"), application("store")))
                        .isInstanceOfSatisfying(Measured.class, measured -> {
                            assertThat(measured.value()).isGreaterThan(1);
                            assertThat(measured.partial()).contains("remote");
                        }));
    }

    @Test
    void givenASecondStoreThatIsBroken_whenTheFirstHasNoValue_thenThatIsAFailure() {
        Evaluation found = measured(on("DiskSpace", "11s", "percent: 1"), application("store"));

        assertThat(found).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.source()).isEqualTo(server.url());
            assertThat(failed.why()).contains("its answer is only a part (");
        });
    }

    /** A counter whose name says nothing has Prometheus remark on it, in this version among the warnings. */
    @Test
    void givenARemarkOnTheQuery_whenItIsMeasured_thenTheAnswerIsWhole() {
        ManagedApplication shop = AlertObjects.application(
                "shop",
                server.url(),
                "job: shop",
                "series: {requests: {name: pg_stat_activity_count, codeLabel: state}}");

        await().atMost(LONGEST)
                .untilAsserted(() -> assertThat(measured(on("RequestRate", "10s", "value: 1"), shop))
                        .isInstanceOfSatisfying(
                                Measured.class,
                                measured -> assertThat(measured.partial()).isNull()));
    }

    static Stream<Arguments> queries() {
        return Stream.of(
                Arguments.of("up{job='shop'} * 0.024", 0.024, null),
                Arguments.of("no_such_metric", Double.NaN, "the query finds no series"),
                Arguments.of("0 / 0", Double.NaN, "the value is NaN, as 0/0 is"),
                Arguments.of("1 / 0", Double.NaN, "the value is +Inf, as 1/0 is, and no number"),
                Arguments.of("-1 / 0", Double.NaN, "the value is -Inf, as -1/0 is, and no number"),
                Arguments.of("sum(", Double.NaN, "Prometheus can't work with the query (bad_data"),
                Arguments.of("up", Double.NaN, " series, and a check compares one value"),
                Arguments.of("up[1m]", Double.NaN, "gives a range and no value"));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void givenAQueryOfAUser_whenItIsMeasured_thenItsFaultsAreItsOwn(String promql, double value, String why) {
        AlertRule rule =
                rule("free", "shop", "promql: \"" + promql + "\", comparison: GreaterThan, threshold: {percent: 1}");

        // A scrape that takes longer than a second counts as failed, until the next.
        await().atMost(LONGEST).untilAsserted(() -> {
            switch (measured(rule, application("shop"))) {
                case Measured measured -> assertThat(measured.value()).isEqualTo(value);
                case NoData none -> assertThat(none.why()).isEqualTo(why);
                case Failed failed -> {
                    assertThat(failed.source()).isNull();
                    assertThat(failed.why()).contains(why);
                }
            }
        });
        assertThat(sampler.failing()).isEmpty();
    }

    @Test
    void givenAPrometheusThatIsAway_whenManyAskIt_thenAllFailForOneSource() {
        String away = "http://127.0.0.1:" + FreePort.next();
        List<String> metrics = List.of("ErrorRate", "RequestRate", "ResponseTime", "DiskSpace", "CacheHitRate");
        for (int number = 0; number < 50; number++) {
            sampler.of(
                    rule("r" + number, "a" + number, spec(metrics.get(number % 5), "10s", "percent: 1")),
                    AlertObjects.application("a" + number, away, "job: a" + number, ""));
        }
        pass();

        assertThat(sampler.failing()).containsOnlyKeys(away);
        assertThat(sampler.failing().get(away).rules()).hasSize(50);
        assertThat(sampler.failing().get(away).why()).contains("the connection was refused");
    }

    @Test
    void givenAServerThatHangs_whenItIsAsked_thenTheTimeIsBounded() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ManagedApplication shop = AlertObjects.application(
                    "shop", "http://127.0.0.1:" + silent.getLocalPort() + "\", timeout: \"1s", "job: shop", "");
            long begun = System.nanoTime();

            assertThat(measured(on("ErrorRate", "10s", "percent: 1"), shop))
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.why()).contains("there was no whole answer within 1s"));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void givenAPageOfFiveMegabytes_whenItIsAsked_thenNothingOfItIsTold() {
        String url = "http://127.0.0.1:" + broken.getAddress().getPort() + "/html";
        ManagedApplication shop = AlertObjects.application("shop", url, "job: shop", "");

        assertThat(measured(on("ErrorRate", "10s", "percent: 1"), shop))
                .isInstanceOfSatisfying(Failed.class, failed -> {
                    assertThat(failed.why()).contains("an HTML page").doesNotContain("secret", "xxx");
                    assertThat(failed.why().length()).isLessThan(400);
                    assertThat(failed.source()).isEqualTo(url);
                });
    }

    /** Measures anew. */
    private Evaluation measured(AlertRule rule, ManagedApplication application) {
        sampler.of(rule, application);
        pass();
        Evaluation found = sampler.of(rule, application).newest().orElseThrow();
        sampler.forget(rule);
        return found;
    }

    /** The error rate of applications that differ in a label, by that label. */
    private Map<String, Evaluation> all(String labels, List<String> values) {
        Map<String, Evaluation> found = new TreeMap<>();
        for (int pass = 0; pass < 2; pass++) {
            for (int index = 0; index < values.size(); index++) {
                AlertRule rule = rule("r" + index, "a" + index, spec("ErrorRate", "10s", "percent: 1"));
                Evaluations.Known known = sampler.of(
                        rule,
                        AlertObjects.application("a" + index, server.url(), labels.formatted(values.get(index)), ""));
                if (pass == 1) {
                    found.put(values.get(index), known.newest().orElseThrow());
                    sampler.forget(rule);
                }
            }
            if (pass == 0) {
                pass();
            }
        }
        return found;
    }

    private void pass() {
        clock.move(Duration.ofSeconds(2));
        sampler.tick();
    }

    private static AlertRule on(String metric, String window, String threshold) {
        return rule("rule", "shop", spec(metric, window, threshold));
    }

    private static String spec(String metric, String window, String threshold) {
        return "metric: " + metric + ", window: " + window + ", comparison: GreaterThan, threshold: {" + threshold
                + "}";
    }

    private static ManagedApplication application(String job) {
        return AlertObjects.application("shop", server.url(), "job: " + job, "");
    }

    /** Counters of requests; without the failed ones as long as none has failed. */
    private static String requests(String labels, long good, Long failed) {
        return "http_requests_total{" + labels + "code=\"200\"} " + good + "\n"
                + (failed == null ? "" : "http_requests_total{" + labels + "code=\"503\"} " + failed + "\n");
    }

    /** Of twenty answers ten took up to 100 ms, eight up to 500 ms and two up to a second. */
    private static String durations(int visits) {
        return """
                http_request_duration_seconds_bucket{le="0.1"} %d
                http_request_duration_seconds_bucket{le="0.5"} %d
                http_request_duration_seconds_bucket{le="1"} %d
                http_request_duration_seconds_bucket{le="+Inf"} %d
                """.formatted(10L * visits, 18L * visits, 20L * visits, 20L * visits);
    }
}
