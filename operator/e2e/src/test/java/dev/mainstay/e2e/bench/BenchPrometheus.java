package dev.mainstay.e2e.bench;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real Prometheus that scrapes one page and itself each five seconds. */
final class BenchPrometheus implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;
    private final Process process;
    private final Thread atExit;

    /**
     * Starts it, and returns when it answers.
     *
     * @param rules a file of rules; null for none
     */
    BenchPrometheus(Path folder, int port, int pages, Path rules) throws IOException {
        Path configuration = Files.writeString(
                folder.resolve("prometheus.yml"), """
                global: {scrape_interval: 5s, evaluation_interval: 30s}
                scrape_configs:
                - {job_name: shops, honor_labels: true, static_configs: [{targets: ["127.0.0.1:%d"]}]}
                - {job_name: itself, static_configs: [{targets: ["127.0.0.1:%d"]}]}
                rule_files: [%s]
                """.formatted(pages, port, rules == null ? "" : rules));
        url = "http://127.0.0.1:" + port;
        process = new ProcessBuilder(List.of(
                        program().toString(),
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        atExit = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(atExit);
        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> ask("count_over_time(up{job=\"shops\"}[1m])") > 2);
    }

    String url() {
        return url;
    }

    long pid() {
        return process.pid();
    }

    /** Queries that it has worked out since its start, those of its own rules included. */
    long queries() {
        return Math.round(counter("prometheus_engine_query_duration_seconds_count{slice=\"inner_eval\"}"));
    }

    /** One query, whose answer is read and thrown away. */
    void query(String promql) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/v1/query"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("query=" + URLEncoder.encode(promql, StandardCharsets.UTF_8)))
                .build();
        if (http.send(request, BodyHandlers.discarding()).statusCode() != 200) {
            throw new IllegalStateException("Prometheus refuses " + promql);
        }
    }

    /** As its page tells it now, and not as it scraped it last. */
    private double counter(String series) {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create(url + "/metrics")).build(), BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(series + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private double ask(String promql) throws IOException, InterruptedException {
        JsonNode answer = JSON.readTree(http.send(
                        HttpRequest.newBuilder(URI.create(url + "/api/v1/query?query="
                                        + URLEncoder.encode(promql, StandardCharsets.UTF_8)))
                                .build(),
                        BodyHandlers.ofString())
                .body());
        return answer.at("/data/result/0/value/1").asDouble();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 30, TimeUnit.SECONDS).join();
        process.destroyForcibly();
        Runtime.getRuntime().removeShutdownHook(atExit);
        http.shutdownNow();
    }

    private static Path program() {
        String cache = Optional.ofNullable(System.getenv("MAINSTAY_CACHE"))
                .orElse(System.getProperty("user.home") + "/.cache/mainstay");
        return Optional.of(Path.of(cache, "bin/prometheus/prometheus"))
                .filter(Files::isExecutable)
                .orElseThrow(
                        () -> new IllegalStateException("no prometheus: deploy/local/toolchain/prometheus brings it"));
    }
}
