package dev.mainstay.e2e.bench;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.e2e.bench.ManyShops.Watched;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What many AlertRules cost, of ten things in each of many applications, beside a program that asks one query a rule, and beside
 * alerting rules of Prometheus itself: each in turn, each with a Prometheus of its own that scrapes the same page. It asserts nothing:
 * what the figures mean depends on the machine.
 */
@Tag("bench-alerts")
class AlertBenchTest {

    private static final int APPLICATIONS = Integer.getInteger("bench.applications", 1_000);
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration WARM_UP = Duration.ofSeconds(45);
    private static final Duration MEASURED = Duration.ofSeconds(Integer.getInteger("bench.seconds", 120));
    private static final Duration LONG = Duration.ofMinutes(20);
    private static final Path REPORT =
            Path.of(System.getProperty("bench.report", ClusterClient.REPOSITORY + "/docs/bench/alerts.json"));
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @TempDir
    private Path folder;

    private int nextPort = 29_090;

    @Test
    void besideOneQueryARuleAndNativeRules() throws Exception {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("at", Instant.now().toString());
        report.put("machine", Machine.describe());
        report.put("kubernetes", namespace.client().getKubernetesVersion().getGitVersion());
        report.put("rules", APPLICATIONS * ManyShops.WATCHED.size());
        report.put("intervalSeconds", INTERVAL.toSeconds());
        try (ManyShops shops = new ManyShops(APPLICATIONS)) {
            report.put("scrapingAlone", alone(shops));
            report.put("nativeRules", nativeRules(shops));
            report.put("oneQueryARule", oneQueryARule(shops));
            report.put("mainstay", mainstay(shops));
        }
        Files.createDirectories(REPORT.getParent());
        Files.writeString(REPORT, JSON.writeValueAsString(report) + "\n");
        System.out.println(JSON.writeValueAsString(report));
    }

    private Map<String, Object> alone(ManyShops shops) throws Exception {
        try (BenchPrometheus prometheus = prometheus("alone", shops, null)) {
            return measured(prometheus, null);
        }
    }

    private Map<String, Object> nativeRules(ManyShops shops) throws Exception {
        try (BenchPrometheus prometheus = prometheus("native", shops, rules())) {
            return measured(prometheus, null);
        }
    }

    /** As a group each: those of an application. */
    private Path rules() throws IOException {
        StringBuilder yaml = new StringBuilder("groups:\n");
        for (int number = 0; number < APPLICATIONS; number++) {
            String application = ManyShops.name(number);
            yaml.append("- name: ").append(application).append("\n  rules:\n");
            for (Watched watched : ManyShops.WATCHED) {
                yaml.append("  - alert: ").append(watched.name()).append("\n    for: 5m\n    expr: '");
                yaml.append(watched.promql(application)).append("'\n");
            }
        }
        return Files.writeString(folder.resolve("rules.yaml"), yaml);
    }

    /** Evenly over the interval, by this process, which does nothing else but serve the page. */
    private Map<String, Object> oneQueryARule(ManyShops shops) throws Exception {
        List<String> queries = IntStream.range(0, APPLICATIONS)
                .boxed()
                .flatMap(number -> ManyShops.WATCHED.stream().map(watched -> watched.promql(ManyShops.name(number))))
                .toList();
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (BenchPrometheus prometheus = prometheus("single", shops, null);
                ScheduledExecutorService clock = Executors.newScheduledThreadPool(16)) {
            for (int number = 0; number < queries.size(); number++) {
                String query = queries.get(number);
                clock.scheduleAtFixedRate(
                        () -> {
                            try {
                                prometheus.query(query);
                            } catch (IOException | InterruptedException e) {
                                failure.compareAndSet(null, e);
                            }
                        },
                        INTERVAL.toNanos() * number / queries.size(),
                        INTERVAL.toNanos(),
                        TimeUnit.NANOSECONDS);
            }
            Map<String, Object> measured =
                    measured(prometheus, ProcessHandle.current().pid());
            clock.shutdownNow();
            if (failure.get() != null && !(failure.get() instanceof InterruptedException)) {
                throw failure.get();
            }
            return measured;
        }
    }

    private Map<String, Object> mainstay(ManyShops shops) throws Exception {
        try (BenchPrometheus prometheus = prometheus("mainstay", shops, null);
                OperatorProcess operator = OperatorProcess.started(namespace.name())) {
            AtOnce.each(APPLICATIONS, number -> create(ManyShops.name(number), prometheus.url()));
            await().atMost(LONG)
                    .pollInterval(Duration.ofSeconds(5))
                    .until(() -> namespace.list(AlertRule.class).stream()
                            .allMatch(rule ->
                                    rule.getStatus() != null && rule.getStatus().state() == AlertState.INACTIVE));
            return measured(prometheus, operator.pid());
        }
    }

    private void create(String application, String url) {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: %1$s}
                spec: {metrics: {prometheus: {url: "%2$s"}, labels: {app: %1$s}}}
                """.formatted(application, url), ManagedApplication.class));
        for (Watched watched : ManyShops.WATCHED) {
            namespace.create(Serialization.unmarshal(
                    """
                    apiVersion: mainstay.dev/v1alpha1
                    kind: AlertRule
                    metadata: {name: %1$s-%2$s}
                    spec: {applicationRef: {name: %1$s}, pendingFor: 5m, %3$s}
                    """.formatted(application, watched.name(), watched.spec()), AlertRule.class));
        }
    }

    private BenchPrometheus prometheus(String name, ManyShops shops, Path rules) throws IOException {
        return new BenchPrometheus(Files.createDirectory(folder.resolve(name)), nextPort++, shops.port(), rules);
    }

    /** What both sides use, and what is asked. */
    private static Map<String, Object> measured(BenchPrometheus prometheus, Long evaluator) throws Exception {
        TimeUnit.NANOSECONDS.sleep(WARM_UP.toNanos());
        MeasuredProcess ofPrometheus = MeasuredProcess.of(prometheus.pid());
        MeasuredProcess ofEvaluator = evaluator == null ? null : MeasuredProcess.of(evaluator);
        long before = prometheus.queries();
        TimeUnit.NANOSECONDS.sleep(MEASURED.toNanos());
        Map<String, Object> measured = new LinkedHashMap<>();
        measured.put(
                "queriesASecond", Math.round(10.0 * (prometheus.queries() - before) / MEASURED.toSeconds()) / 10.0);
        measured.put("prometheus", ofPrometheus.until());
        if (ofEvaluator != null) {
            measured.put("evaluator", ofEvaluator.until());
        }
        return measured;
    }
}
