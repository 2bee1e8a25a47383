package dev.mainstay.controller.health;

import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.core.runbook.ScheduleMetric;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Tells of every MaintenanceSchedule when it is scraped. What is not kept can't outlive its object. */
public final class ScheduleMetrics implements MultiCollector {

    private final Supplier<Collection<MaintenanceSchedule>> schedules;

    /** @param schedules all that are known */
    public ScheduleMetrics(Supplier<Collection<MaintenanceSchedule>> schedules) {
        this.schedules = schedules;
    }

    @Override
    public MetricSnapshots collect() {
        Collection<MaintenanceSchedule> known = schedules.get();
        return new MetricSnapshots(Stream.of(ScheduleMetric.values())
                .map(metric ->
                        SampledSnapshots.of(metric.text(), metric.type(), metric.help(), "schedule", known, metric::of))
                .toList());
    }
}
