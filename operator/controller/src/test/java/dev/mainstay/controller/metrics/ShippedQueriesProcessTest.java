package dev.mainstay.controller.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.controller.health.HealthServer;
import dev.mainstay.controller.health.SampleMetrics;
import dev.mainstay.controller.health.Shipped;
import dev.mainstay.controller.health.Shipped.Query;
import dev.mainstay.core.task.TaskJson;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart brings, against a real Prometheus that scrapes the operator's own page, and Prometheus' own checks. */
@Tag("process")
class ShippedQueriesProcessTest {

    /** Written by what sends messages, which this page is without. */
    private static final Set<String> ELSEWHERE =
            Set.of("mainstay_notification_failing", "mainstay_notifications_total");

    private static SampleMetrics sample;
    private static HealthServer operator;
    private static PrometheusServer server;
    private static HttpClient http;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        sample = new SampleMetrics();
        operator = new HealthServer(0, () -> true, () -> true, sample.registry());
        operator.start();
        http = HttpClient.newHttpClient();
        Path rules = Files.copy(Shipped.RULES, folder.resolve("rules.yaml"));
        server = new PrometheusServer(folder, """
                  - {job_name: mainstay, honor_labels: true, static_configs: [{targets: ["127.0.0.1:%d"]}]}
                rule_files: [%s]
                """.formatted(operator.port(), rules));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(ask("query", "count_over_time(mainstay_leader[1m]) > 2"))
                        .isNotEmpty());
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.stop();
        operator.close();
        http.close();
    }

    static Stream<Query> queries() {
        return Shipped.queries().stream();
    }

    /** promtool exits with 3 when it finds something to mend. */
    @Test
    void promtoolFindsNothingToMendInTheOperatorsMetrics() throws Exception {
        Process promtool = new ProcessBuilder(PrometheusServer.promtool().toString(), "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (OutputStream page = promtool.getOutputStream()) {
            page.write(http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + operator.port() + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray())
                    .body());
        }
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(promtool.waitFor()).as(said).isZero();
        assertThat(said).isBlank();
    }

    /** Each is asked as Grafana asks it; whether it finds something is known where it only reads what is on the page. */
    @ParameterizedTest
    @MethodSource("queries")
    void givenAQueryOfADashboardOrAlert_whenItIsAsked_thenItIsAnswered(Query query) throws Exception {
        boolean finds = query.where().contains(".json")
                && Shipped.metrics(query.promql()).stream().noneMatch(ELSEWHERE::contains)
                && !query.promql().startsWith("ALERTS");

        // A scrape that takes longer than a second counts as failed, until the next.
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonNode found = ask("query", query.promql());
            if (finds) {
                assertThat(found).as(query.promql()).isNotEmpty();
            }
        });
    }

    @Test
    void everyAlertIsLoadedAndWorkedOut() throws Exception {
        Awaitility.await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
            JsonNode loaded = get("/api/v1/rules").at("/data/groups/0/rules");
            assertThat(loaded.valueStream().map(rule -> rule.path("name").asText()))
                    .containsExactlyElementsOf(Shipped.alerts().stream()
                            .map(alert -> alert.path("alert").asText())
                            .toList());
            assertThat(loaded.valueStream()).allSatisfy(rule -> {
                assertThat(rule.path("lastError").asText()).isEmpty();
                assertThat(rule.path("health").asText()).isEqualTo("ok");
            });
        });
    }

    /** The sample's mode, restore and rollback are long past their ends; its operator leads. */
    @Test
    void whatIsWrongWithTheSampleIsNoticedAndNothingElse() throws Exception {
        assertThat(Shipped.alerts().stream()
                        .filter(alert -> isActive(alert.path("expr").asText()))
                        .map(alert -> alert.path("alert").asText()))
                .containsExactlyInAnyOrder(
                        "MainstayDefinitionOutdated",
                        "MainstayPreflightGaps",
                        "MainstayPreviousDatabaseKept",
                        "MainstayMaintenanceModeOverdue",
                        "MainstayRestoreOverdue",
                        "MainstayRollbackOverdue");
    }

    private static boolean isActive(String promql) {
        try {
            return !ask("query", promql).isEmpty();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode ask(String what, String promql) throws IOException, InterruptedException {
        JsonNode answer = get("/api/v1/" + what + "?query=" + URLEncoder.encode(promql, StandardCharsets.UTF_8));
        assertThat(answer.path("status").asText()).as("%s: %s", promql, answer).isEqualTo("success");
        assertThat(answer.path("warnings")).as(promql).isEmpty();
        return answer.at("/data/result");
    }

    private static JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .timeout(Duration.ofSeconds(30))
                .build();
        return TaskJson.mapper()
                .readTree(
                        http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
}
