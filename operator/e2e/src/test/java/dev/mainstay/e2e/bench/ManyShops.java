package dev.mainstay.e2e.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The metrics of many applications on one page, each with the label {@code app}, and the ten things that are watched of each: what an
 * AlertRule says of it, and the same in PromQL.
 */
final class ManyShops implements AutoCloseable {

    /**
     * One thing that is watched.
     *
     * @param spec more of an AlertRule's spec, as YAML in one line
     * @param promql what a person would write, with {@code $app} for the application
     */
    record Watched(String name, String spec, String promql) {

        String promql(String application) {
            return promql.replace("$app", "app=\"" + application + "\"");
        }
    }

    private static final String ERRORS =
            "sum(rate(http_requests_total{$app,code=~\"5..\"}[5m])) / sum(rate(http_requests_total{$app}[5m])) > ";
    private static final String SLOW =
            "histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{$app}[5m]))) > ";
    private static final String FULL =
            "max(kubelet_volume_stats_used_bytes{$app} / kubelet_volume_stats_capacity_bytes{$app}) > ";

    static final List<Watched> WATCHED = List.of(
            new Watched(
                    "errors", "metric: ErrorRate, comparison: GreaterThan, threshold: {percent: 1}", ERRORS + "0.01"),
            new Watched(
                    "more-errors",
                    "metric: ErrorRate, comparison: GreaterThan, threshold: {percent: 5}",
                    ERRORS + "0.05"),
            new Watched(
                    "slow",
                    "metric: ResponseTime, comparison: GreaterThan, threshold: {milliseconds: 500}",
                    SLOW + "0.5"),
            new Watched(
                    "slower",
                    "metric: ResponseTime, comparison: GreaterThan, threshold: {milliseconds: 900}",
                    SLOW + "0.9"),
            new Watched("full", "metric: DiskSpace, comparison: GreaterThan, threshold: {percent: 80}", FULL + "0.8"),
            new Watched("fuller", "metric: DiskSpace, comparison: GreaterThan, threshold: {percent: 90}", FULL + "0.9"),
            new Watched(
                    "busy",
                    "metric: RequestRate, comparison: GreaterThan, threshold: {value: 1000}",
                    "sum(rate(http_requests_total{$app}[5m])) > 1000"),
            new Watched(
                    "misses",
                    "metric: CacheHitRate, comparison: LessThan, threshold: {percent: 50}",
                    "sum(rate(redis_keyspace_hits_total{$app}[5m])) / (sum(rate(redis_keyspace_hits_total{$app}[5m]))"
                            + " + sum(rate(redis_keyspace_misses_total{$app}[5m]))) < 0.5"),
            new Watched(
                    "connections",
                    "metric: DatabaseConnections, comparison: GreaterThan, threshold: {percent: 80}",
                    "sum(pg_stat_activity_count{$app}) / max(pg_settings_max_connections{$app}) > 0.8"),
            new Watched(
                    "certificate",
                    "metric: CertificateExpiry, comparison: LessThan, threshold: {duration: 240h}",
                    "min(probe_ssl_earliest_cert_expiry{$app}) - time() < 864000"));

    private final int applications;
    private final HttpServer server;
    private final AtomicLong visits = new AtomicLong();

    ManyShops(int applications) throws IOException {
        this.applications = applications;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext("/metrics", exchange -> {
            byte[] page = page(visits.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
    }

    static String name(int number) {
        return "shop-" + number;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Each works well: nothing fires, so that only the measuring is measured. */
    private String page(long visit) {
        StringBuilder page = new StringBuilder();
        long ends = Instant.now().plus(Duration.ofDays(60)).getEpochSecond();
        for (int number = 0; number < applications; number++) {
            page.append("""
                    http_requests_total{app="%1$s",code="200"} %2$d
                    http_requests_total{app="%1$s",code="500"} %3$d
                    http_request_duration_seconds_bucket{app="%1$s",le="0.1"} %2$d
                    http_request_duration_seconds_bucket{app="%1$s",le="0.5"} %2$d
                    http_request_duration_seconds_bucket{app="%1$s",le="1"} %2$d
                    http_request_duration_seconds_bucket{app="%1$s",le="5"} %2$d
                    http_request_duration_seconds_bucket{app="%1$s",le="+Inf"} %2$d
                    kubelet_volume_stats_used_bytes{app="%1$s",persistentvolumeclaim="files"} 10
                    kubelet_volume_stats_capacity_bytes{app="%1$s",persistentvolumeclaim="files"} 100
                    redis_keyspace_hits_total{app="%1$s"} %2$d
                    redis_keyspace_misses_total{app="%1$s"} %3$d
                    pg_stat_activity_count{app="%1$s",state="active"} 10
                    pg_settings_max_connections{app="%1$s"} 100
                    probe_ssl_earliest_cert_expiry{app="%1$s"} %4$d
                    """.formatted(name(number), 1_000 * visit, visit, ends));
        }
        return page.toString();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
