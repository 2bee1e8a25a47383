package dev.mainstay.controller.health;

import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.core.alert.NotificationMetric;
import dev.mainstay.core.backup.PolicyMetric.Sample;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Tells of every NotificationChannel, and of what was sent, when it is scraped. */
public final class NotificationMetrics implements MultiCollector {

    private final Supplier<Collection<NotificationChannel>> channels;
    private final Supplier<List<Sample>> sent;

    /**
     * For what is known.
     *
     * @param channels all channels
     * @param sent how many requests ended how
     */
    public NotificationMetrics(Supplier<Collection<NotificationChannel>> channels, Supplier<List<Sample>> sent) {
        this.channels = channels;
        this.sent = sent;
    }

    @Override
    public MetricSnapshots collect() {
        return new MetricSnapshots(
                Stream.of(NotificationMetric.values()).map(this::snapshot).toList());
    }

    private MetricSnapshot snapshot(NotificationMetric metric) {
        return switch (metric) {
            case SENT -> SampledSnapshots.counted(metric.text(), metric.help(), sent.get());
            case FAILING ->
                SampledSnapshots.of(
                        metric.text(),
                        metric.type(),
                        metric.help(),
                        "channel",
                        channels.get(),
                        channel -> NotificationMetric.failing(channel).stream()
                                .map(value -> new Sample(Map.of(), value))
                                .toList());
        };
    }
}
