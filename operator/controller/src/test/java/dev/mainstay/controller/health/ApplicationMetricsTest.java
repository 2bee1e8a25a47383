package dev.mainstay.controller.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApplicationMetricsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'True'    | mainstay_application_healthy{application="shop",namespace="webshop"} 1.0
            'False'   | mainstay_application_healthy{application="shop",namespace="webshop"} 0.0
            'Unknown' |
            """)
    void givenAnApplication_whenItIsScraped_thenItsHealthIsToldUnlessItIsNotKnown(String status, String line) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ManagedApplication application = Serialization.unmarshal("""
                metadata: {name: shop, namespace: webshop}
                status:
                  conditions: [{type: Healthy, status: "%s", reason: Any}]
                """.formatted(status), ManagedApplication.class);
        registry.getPrometheusRegistry().register(new ApplicationMetrics(() -> List.of(application)));

        assertThat(registry.scrape()
                        .lines()
                        .filter(text -> !text.startsWith("#"))
                        .toList())
                .isEqualTo(line == null ? List.of() : List.of(line));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            '{database: main, keptCount: 0}'                                     | 0.0
            '{database: main, keptCount: 2}, {database: audit, keptCount: 1}'    | 3.0
            '{database: main, keptCount: 2}, {database: audit}'                  |
            """)
    void givenWhatWasLookedAt_whenItIsScraped_thenKeptDatabasesAreCountedUnlessOneCouldNotLook(
            String found, String count) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ManagedApplication application = Serialization.unmarshal("""
                metadata: {name: shop, namespace: webshop}
                status: {restoreReadiness: [%s]}
                """.formatted(found), ManagedApplication.class);
        registry.getPrometheusRegistry().register(new ApplicationMetrics(() -> List.of(application)));

        String series = "mainstay_application_kept_databases{application=\"shop\",namespace=\"webshop\"} ";
        assertThat(registry.scrape()
                        .lines()
                        .filter(line -> line.startsWith(series))
                        .map(line -> line.substring(series.length()))
                        .findFirst()
                        .orElse(null))
                .isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"metadata: {name: shop}", "metadata: {name: shop}\nstatus: {observedGeneration: 1}"})
    void givenAnApplicationThatNobodyAsksAnything_whenItIsScraped_thenItTellsNothing(String text) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.getPrometheusRegistry()
                .register(
                        new ApplicationMetrics(() -> List.of(Serialization.unmarshal(text, ManagedApplication.class))));

        assertThat(registry.scrape()).doesNotContain("shop");
    }
}
