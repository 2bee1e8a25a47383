package dev.mainstay.controller.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.metrics.Prometheus;
import dev.mainstay.controller.metrics.PrometheusClient;
import dev.mainstay.controller.metrics.PrometheusServer;
import dev.mainstay.core.alert.Evaluation;
import dev.mainstay.core.alert.Evaluation.Failed;
import dev.mainstay.core.alert.Evaluation.Measured;
import dev.mainstay.core.metrics.MetricVector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus that loads no more than so many samples for a query, and an application that has more. */
@Tag("process")
class LargeAnswerProcessTest {

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final List<String> SMALL = List.of("a", "b", "c", "d", "e");
    private static final Map<String, IntFunction<String>> PAGES = Map.of(
            "a", visit -> requests(1, visit),
            "b", visit -> requests(1, visit),
            "c", visit -> requests(1, visit),
            "d", visit -> requests(1, visit),
            "e", visit -> requests(1, visit),
            "huge", visit -> requests(2000, visit));

    private static final PrometheusClient CLIENT = new PrometheusClient();

    private static ScrapedPages pages;
    private static PrometheusServer server;

    private final HandClock clock = new HandClock();
    private final AlertSources sources = new LiveSources(CLIENT, null, (_, _) -> Optional.empty(), _ -> List.of());
    private final AlertSampler sampler =
            new AlertSampler(sources, true, AlertSides::mayChange, _ -> {}, clock, Runnable::run);

    @BeforeAll
    static void start(@TempDir Path folder) {
        pages = new ScrapedPages(PAGES);
        server = new PrometheusServer(folder, pages.jobs(), "", List.of("--query.max-samples=1000"));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.stop();
        pages.close();
        CLIENT.close();
    }

    @Test
    void givenAnApplicationWithTooManySeries_whenItSharesAQuery_thenTheOthersHaveTheirValuesAndItSaysWhy() {
        await().atMost(LONGEST)
                .until(() -> sources.vector(
                                new Prometheus(server.url(), null), "sum by (job) (rate(http_requests_total[10s]))")
                        instanceof MetricVector.TooWide);

        await().atMost(LONGEST).untilAsserted(() -> {
            pass();
            for (String name : SMALL) {
                assertThat(measured(name))
                        .as(name)
                        .isInstanceOfSatisfying(
                                Measured.class,
                                measured -> assertThat(measured.value()).isGreaterThan(1));
            }
            assertThat(measured("huge")).isInstanceOfSatisfying(Failed.class, failed -> {
                assertThat(failed.source()).isNull();
                assertThat(failed.why())
                        .startsWith("Prometheus can't work with the query (execution: ")
                        .contains("too many samples")
                        .endsWith("Correct series or labels in spec.metrics of the ManagedApplication.");
            });
        });
        assertThat(sampler.failing()).isEmpty();
    }

    private void pass() {
        for (String name : PAGES.keySet()) {
            sampler.of(rule(name), application(name));
        }
        clock.move(Duration.ofSeconds(31));
        sampler.tick();
    }

    private Evaluation measured(String name) {
        return sampler.of(rule(name), application(name)).newest().orElseThrow();
    }

    private static AlertRule rule(String name) {
        return AlertObjects.rule(
                name, name, "metric: RequestRate, window: 10s, comparison: GreaterThan, threshold: {value: 1000}");
    }

    private static ManagedApplication application(String name) {
        return AlertObjects.application(name, server.url(), "job: " + name, "");
    }

    private static String requests(int series, int visit) {
        return IntStream.range(0, series)
                .mapToObj(number -> "http_requests_total{path=\"/" + number + "\",code=\"200\"} " + 10L * visit + "\n")
                .collect(Collectors.joining());
    }
}
