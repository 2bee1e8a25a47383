package dev.mainstay.controller.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.controller.metrics.PrometheusClient;
import dev.mainstay.core.alert.Evaluation;
import dev.mainstay.core.alert.Evaluation.Failed;
import dev.mainstay.core.alert.Evaluation.Measured;
import dev.mainstay.core.metrics.PrometheusAnswer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers above what is read of one, by a server on this machine. */
class LargeAnswerTest {

    private static final Pattern NAMES = Pattern.compile("job=~?\"([^\"]*)\"");
    private static final byte[] TOO_LARGE = tooLarge();

    @AutoClose
    private final PrometheusClient client = new PrometheusClient();

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final HandClock clock = new HandClock();
    private final AlertSampler sampler = new AlertSampler(
            new LiveSources(client, null, (_, _) -> Optional.empty(), _ -> List.of()),
            true,
            AlertSides::mayChange,
            _ -> {},
            clock,
            Runnable::run);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** A Prometheus with many more series of that name than those of Mainstay's applications. */
    @Test
    void givenAnAnswerThatIsTooLargeForAll_whenItIsMeasured_thenEachHasItsValue() {
        for (int number = 0; number < 60; number++) {
            watch("app-" + number);
        }
        pass(Duration.ofSeconds(2));

        for (int number = 0; number < 60; number++) {
            assertThat(newest("app-" + number))
                    .isInstanceOfSatisfying(
                            Measured.class,
                            measured -> assertThat(measured.value()).isEqualTo(7));
        }
        assertThat(asked).hasSize(2);
        assertThat(sampler.failing()).isEmpty();
    }

    @Test
    void givenOneApplicationWhoseOwnAnswerIsTooLarge_whenItIsMeasured_thenItAloneIsAnError() {
        for (String name : List.of("a", "b", "huge", "c", "d")) {
            watch(name);
        }
        pass(Duration.ofSeconds(2));

        for (String name : List.of("a", "b", "c", "d")) {
            assertThat(newest(name)).as(name).isInstanceOf(Measured.class);
        }
        assertThat(newest("huge")).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.source()).isNull();
            assertThat(failed.why())
                    .isEqualTo(
                            "The answer was larger than 8.00 MiB, and no more of one is read: Prometheus has too many series"
                                    + " with the labels of this application. Let spec.metrics.labels of the ManagedApplication name"
                                    + " others.");
        });
        assertThat(sampler.failing()).isEmpty();
        assertThat(asked).hasSizeLessThanOrEqualTo(7);
    }

    /** It is the query's own fault: what else is asked of that Prometheus has its turn. */
    @Test
    void givenAQueryOfAUserWhoseAnswerIsTooLarge_whenItIsMeasured_thenThePrometheusIsInNoTrouble() {
        AlertRule rule = AlertObjects.rule(
                "free", "huge", "promql: 'up{job=\"huge\"}', comparison: GreaterThan, threshold: {value: 1}");
        sampler.of(rule, AlertObjects.application("huge", url(), "job: huge", ""));
        pass(Duration.ofSeconds(2));

        assertThat(sampler.of(rule, AlertObjects.application("huge", url(), "job: huge", ""))
                        .newest())
                .hasValueSatisfying(found -> {
                    assertThat(((Failed) found).source()).isNull();
                    assertThat(((Failed) found).why()).startsWith("The answer was larger than 1.00 MiB");
                });
        assertThat(sampler.failing()).isEmpty();
    }

    private void watch(String name) {
        sampler.of(rule(name), AlertObjects.application(name, url(), "job: " + name, ""));
    }

    private Evaluation newest(String name) {
        return sampler.of(rule(name), AlertObjects.application(name, url(), "job: " + name, ""))
                .newest()
                .orElseThrow();
    }

    private static AlertRule rule(String name) {
        return AlertObjects.rule(name, name, "metric: RequestRate, comparison: GreaterThan, threshold: {value: 100}");
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void pass(Duration time) {
        clock.move(time);
        sampler.tick();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String promql = URLDecoder.decode(
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                    StandardCharsets.UTF_8);
            asked.add(promql);
            Matcher names = NAMES.matcher(promql);
            List<String> jobs = names.find() ? Arrays.asList(names.group(1).split("\\|")) : List.of("huge");
            byte[] body = jobs.contains("huge") ? TOO_LARGE : series(jobs).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static String series(List<String> jobs) {
        return "{\"status\": \"success\", \"data\": {\"resultType\": \"vector\", \"result\": ["
                + String.join(
                        ", ",
                        jobs.stream()
                                .map(job -> "{\"metric\": {\"job\": \"" + job + "\"}, \"value\": [1, \"7\"]}")
                                .toList())
                + "]}}";
    }

    private static byte[] tooLarge() {
        String one = "{\"metric\": {\"job\": \"" + "x".repeat(900) + "\"}, \"value\": [1, \"7\"]}, ";
        return ("{\"status\": \"success\", \"data\": {\"resultType\": \"vector\", \"result\": ["
                        + one.repeat(PrometheusAnswer.LARGEST_VECTOR / one.length() + 1)
                        + "{}]}}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
