package dev.mainstay.controller.health;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.core.application.ApplicationMetric;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Tells of every ManagedApplication when it is scraped. What is not kept can't outlive its object. */
public final class ApplicationMetrics implements MultiCollector {

    private final Supplier<Collection<ManagedApplication>> applications;

    /** @param applications all that are known */
    public ApplicationMetrics(Supplier<Collection<ManagedApplication>> applications) {
        this.applications = applications;
    }

    @Override
    public MetricSnapshots collect() {
        Collection<ManagedApplication> known = applications.get();
        return new MetricSnapshots(Stream.of(ApplicationMetric.values())
                .map(metric -> snapshot(metric, known))
                .toList());
    }

    private static MetricSnapshot snapshot(ApplicationMetric metric, Collection<ManagedApplication> applications) {
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name(metric.text()).help(metric.help());
        applications.forEach(application -> metric.of(application)
                .ifPresent(value -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(Labels.of(
                                "namespace", application.getMetadata().getNamespace(),
                                "application", application.getMetadata().getName()))
                        .value(value)
                        .build())));
        return gauge.build();
    }
}
