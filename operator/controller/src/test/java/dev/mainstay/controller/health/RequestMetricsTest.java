package dev.mainstay.controller.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.runbook.MaintenanceRun;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When requests are to be over, and when they were. 1774746000 is 2026-03-29T01:00:00Z. */
class RequestMetricsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            phase: Pending                                                            |                                       | 1774749600
            phase: Pending                                                            | notAfter: '2026-03-29T01:10:00Z'      | 1774746600
            phase: Running, startedAt: '2026-03-29T01:00:00Z'                         | notAfter: '2026-03-29T01:10:00Z'      | 1774767600
            phase: Running, startedAt: '2026-03-29T01:00:00Z'                         | timeout: 10m                          | 1774746600
            phase: GivingBack, startedAt: '2026-03-29T01:00:00Z'                      | timeout: 10m                          | 1774746600
            phase: Running, startedAt: '2026-03-29T01:00:00Z'                         | timeout: 10m, safetyBackup: BestEffort | 1774747200
            phase: Finished, startedAt: '2026-03-29T01:00:00Z', outcome: Failed       | timeout: 10m                          | none
            """)
    void givenARestore_whenItIsScraped_thenItsDeadlineIsToldUntilItIsFinished(
            String status, String spec, Long deadline) {
        RestoreRequest request = Serialization.unmarshal(request(status, spec), RestoreRequest.class);

        assertThat(samples(new RestoreMetrics(() -> List.of(request)), "mainstay_restore_deadline_timestamp_seconds"))
                .isEqualTo(deadline(deadline));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            phase: Pending                                                            |                                       | 1774749600
            phase: Pending                                                            | notAfter: '2026-03-29T01:10:00Z'      | 1774746600
            phase: RollingBack, startedAt: '2026-03-29T01:00:00Z'                     |                                       | 1774746900
            phase: Verifying, startedAt: '2026-03-29T01:00:00Z'                       | timeout: 10m                          | 1774746600
            phase: Restoring, startedAt: '2026-03-29T01:00:00Z'                       | timeout: 10m                          | 1774746600
            phase: Holding, startedAt: '2026-03-29T01:00:00Z', outcome: Succeeded     | timeout: 10m                          | none
            phase: Finished, startedAt: '2026-03-29T01:00:00Z', outcome: Failed       | timeout: 10m                          | none
            """)
    void givenARollback_whenItIsScraped_thenItsDeadlineIsToldUntilItHasItsOutcome(
            String status, String spec, Long deadline) {
        RollbackRequest request = Serialization.unmarshal(request(status, spec), RollbackRequest.class);

        assertThat(samples(new RollbackMetrics(() -> List.of(request)), "mainstay_rollback_deadline_timestamp_seconds"))
                .isEqualTo(deadline(deadline));
    }

    @ParameterizedTest
    @CsvSource({"Succeeded", "Failed"})
    void givenRequestsThatAreFinished_whenTheyAreScraped_thenTheirOutcomesAreLabels(String outcome) {
        String text = request("phase: Finished, completedAt: '2026-03-29T01:00:00Z', outcome: " + outcome, "");
        List<String> wanted = List.of(
                "application=\"shop\",namespace=\"webshop\",outcome=\"" + outcome + "\",request=\"a\"} 1.774746E9");

        assertThat(samples(
                        new RestoreMetrics(() -> List.of(Serialization.unmarshal(text, RestoreRequest.class))),
                        "mainstay_restore_completed_timestamp_seconds"))
                .isEqualTo(wanted);
        assertThat(samples(
                        new RollbackMetrics(() -> List.of(Serialization.unmarshal(text, RollbackRequest.class))),
                        "mainstay_rollback_completed_timestamp_seconds"))
                .isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            phase: Pending                                                                   | none                                    | none
            phase: Running, startedAt: '2026-03-29T01:00:00Z'                                | run="a"} 1.774746E9                     | none
            phase: Finished, startedAt: '2026-03-29T00:00:00Z', completedAt: '2026-03-29T01:00:00Z', outcome: Findings | none | outcome="Findings",run="a"} 1.774746E9
            phase: Finished, completedAt: '2026-03-29T01:00:00Z', outcome: Refused            | none                                   | outcome="Refused",run="a"} 1.774746E9
            """)
    void givenARun_whenItIsScraped_thenItsBeginningIsToldAndThenItsEnd(
            String status, String started, String completed) {
        RunMetrics metrics =
                new RunMetrics(() -> List.of(Serialization.unmarshal(request(status, ""), MaintenanceRun.class)));

        assertThat(samples(metrics, "mainstay_run_started_timestamp_seconds")).isEqualTo(of(started));
        assertThat(samples(metrics, "mainstay_run_completed_timestamp_seconds")).isEqualTo(of(completed));
    }

    private static List<String> of(String rest) {
        return rest == null ? List.of() : List.of("application=\"shop\",namespace=\"webshop\"," + rest);
    }

    private static List<String> deadline(Long deadline) {
        return deadline == null
                ? List.of()
                : List.of("application=\"shop\",namespace=\"webshop\",request=\"a\"} " + deadline.doubleValue());
    }

    private static String request(String status, String spec) {
        return """
                metadata: {name: a, namespace: webshop, creationTimestamp: '2026-03-29T01:00:00Z'}
                spec: {applicationRef: {name: shop}, reason: x%s}
                status: {%s}
                """.formatted(spec == null || spec.isBlank() ? "" : ", " + spec, status);
    }

    private static List<String> samples(MultiCollector metrics, String name) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.getPrometheusRegistry().register(metrics);
        return registry.scrape()
                .lines()
                .filter(line -> line.startsWith(name + "{"))
                .map(line -> line.substring(name.length() + 1))
                .toList();
    }
}
