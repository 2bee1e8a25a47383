package dev.mainstay.controller.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.mode.MaintenanceMode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModeMetricsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            phase: Entering, conditions: [{type: Active, status: 'False', reason: Any}]                               | 0.0 |
            phase: Active, conditions: [{type: Active, status: 'True', reason: Any}]                                  | 1.0 |
            phase: Active, conditions: [{type: Active, status: Unknown, reason: Any}]                                 | 0.0 |
            phase: Active, endsAt: '2026-03-29T01:00:00Z'                                                             | 0.0 | 1774746000
            phase: Leaving, endsAt: '2026-03-29T01:00:00Z', leavingSince: '2026-03-29T00:59:00Z'                      | 0.0 | 1774745940
            phase: Leaving, endsAt: '2026-03-29T01:00:00Z', leavingSince: '2026-03-29T01:00:10Z'                      | 0.0 | 1774746000
            phase: Leaving, leavingSince: '2026-03-29T01:00:00Z'                                                      | 0.0 | 1774746000
            phase: Ended, endsAt: '2026-03-29T01:00:00Z', endedAt: '2026-03-29T01:00:20Z'                             |     |
            """)
    void givenAMode_whenItIsScraped_thenItsEndIsToldUntilItHasEnded(String status, String active, Long end) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        MaintenanceMode mode = Serialization.unmarshal("""
                metadata: {name: move, namespace: webshop}
                status: {%s}
                """.formatted(status), MaintenanceMode.class);
        registry.getPrometheusRegistry().register(new ModeMetrics(() -> List.of(mode)));

        assertThat(value(registry, "mainstay_maintenance_mode_active"))
                .isEqualTo(active == null ? null : Double.valueOf(active));
        assertThat(value(registry, "mainstay_maintenance_mode_end_timestamp_seconds"))
                .isEqualTo(end == null ? null : end.doubleValue());
    }

    private static Double value(PrometheusMeterRegistry registry, String metric) {
        String series = metric + "{mode=\"move\",namespace=\"webshop\"} ";
        return registry.scrape()
                .lines()
                .filter(line -> line.startsWith(series))
                .map(line -> Double.valueOf(line.substring(series.length())))
                .findFirst()
                .orElse(null);
    }
}
