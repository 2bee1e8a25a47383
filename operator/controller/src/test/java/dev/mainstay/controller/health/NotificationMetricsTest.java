package dev.mainstay.controller.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.alert.NotificationChannelStatus;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.backup.PolicyMetric.Sample;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotificationMetricsTest {

    @Test
    void givenChannelsAndRequests_whenTheyAreScraped_thenTheyAreTold() {
        assertThat(scrape(List.of(
                        channel("down", ConditionStatus.FALSE),
                        channel("up", ConditionStatus.TRUE),
                        channel("new", ConditionStatus.UNKNOWN),
                        channel("bare", null))))
                .contains(
                        "# TYPE mainstay_notifications_total counter",
                        "mainstay_notifications_total{outcome=\"taken\",type=\"slack\"} 0.0",
                        "mainstay_notifications_total{outcome=\"failed\",type=\"webhook\"} 3.0",
                        "mainstay_notification_failing{channel=\"down\",namespace=\"shop\"} 1.0",
                        "mainstay_notification_failing{channel=\"up\",namespace=\"shop\"} 0.0")
                .doesNotContain("\"new\"", "\"bare\"");
    }

    private static String scrape(List<NotificationChannel> channels) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.getPrometheusRegistry()
                .register(new NotificationMetrics(
                        () -> channels,
                        () -> List.of(
                                new Sample(Map.of("type", "slack", "outcome", "taken"), 0),
                                new Sample(Map.of("type", "webhook", "outcome", "failed"), 3))));
        return registry.scrape();
    }

    private static NotificationChannel channel(String name, ConditionStatus delivering) {
        NotificationChannel channel = new NotificationChannel();
        channel.setMetadata(
                new ObjectMetaBuilder().withNamespace("shop").withName(name).build());
        if (delivering != null) {
            Condition condition = new Condition(
                    "Delivering", delivering, null, Instant.parse("2026-05-01T03:00:00Z"), "Sent", "told");
            channel.setStatus(new NotificationChannelStatus(null, List.of(condition), null, null));
        }
        return channel;
    }
}
