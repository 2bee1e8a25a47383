package dev.mainstay.controller.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.restore.RestoreRequest;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestoreMetricsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            previous: {database: shop_before_1, since: '2026-03-29T01:00:00Z'}                  | 1774746000
            previous: {database: shop_before_1}                                                 |
            phase: Finished, conditions: [{type: PreviousKept, status: 'False', reason: Gone}]  |
            phase: Pending                                                                      |
            """)
    void givenARestore_whenItIsScraped_thenItTellsSinceWhenADatabaseIsKept(String status, Long since) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        RestoreRequest request = Serialization.unmarshal("""
                metadata: {name: undo, namespace: webshop}
                spec: {applicationRef: {name: shop}, source: {policyRef: {name: nightly}}, reason: x}
                status: {%s}
                """.formatted(status), RestoreRequest.class);
        registry.getPrometheusRegistry().register(new RestoreMetrics(() -> List.of(request)));

        String series = "mainstay_restore_previous_kept_timestamp_seconds"
                + "{application=\"shop\",namespace=\"webshop\",request=\"undo\"} ";
        assertThat(registry.scrape()
                        .lines()
                        .filter(line -> line.startsWith("mainstay_"))
                        .map(line -> Double.valueOf(line.substring(series.length())))
                        .toList())
                .isEqualTo(since == null ? List.of() : List.of(since.doubleValue()));
    }
}
