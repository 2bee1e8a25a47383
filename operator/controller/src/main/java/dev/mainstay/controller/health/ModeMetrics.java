package dev.mainstay.controller.health;

import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.core.mode.ModeMetric;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Tells of every MaintenanceMode when it is scraped. What is not kept can't outlive its object. */
public final class ModeMetrics implements MultiCollector {

    private final Supplier<Collection<MaintenanceMode>> modes;

    /** @param modes all that are known */
    public ModeMetrics(Supplier<Collection<MaintenanceMode>> modes) {
        this.modes = modes;
    }

    @Override
    public MetricSnapshots collect() {
        Collection<MaintenanceMode> known = modes.get();
        return new MetricSnapshots(Stream.of(ModeMetric.values())
                .map(metric -> snapshot(metric, known))
                .toList());
    }

    private static MetricSnapshot snapshot(ModeMetric metric, Collection<MaintenanceMode> modes) {
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name(metric.text()).help(metric.help());
        modes.forEach(mode -> metric.of(mode)
                .ifPresent(value -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(Labels.of(
                                "namespace", mode.getMetadata().getNamespace(),
                                "mode", mode.getMetadata().getName()))
                        .value(value)
                        .build())));
        return gauge.build();
    }
}
