package dev.mainstay.controller.health;

import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.core.backup.PolicyMetric.Sample;
import dev.mainstay.core.runbook.ScheduleMetric;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Tells of every MaintenanceSchedule when it is scraped. What is not kept can't outlive its object. */
public final class ScheduleMetrics implements MultiCollector {

    private static final String TOTAL = "_total";

    private final Supplier<Collection<MaintenanceSchedule>> schedules;

    /** @param schedules all that are known */
    public ScheduleMetrics(Supplier<Collection<MaintenanceSchedule>> schedules) {
        this.schedules = schedules;
    }

    @Override
    public MetricSnapshots collect() {
        Collection<MaintenanceSchedule> known = schedules.get();
        return new MetricSnapshots(Stream.of(ScheduleMetric.values())
                .map(metric -> snapshot(metric, known))
                .toList());
    }

    private static MetricSnapshot snapshot(ScheduleMetric metric, Collection<MaintenanceSchedule> schedules) {
        return switch (metric.type()) {
            case GAUGE -> {
                GaugeSnapshot.Builder gauge =
                        GaugeSnapshot.builder().name(metric.text()).help(metric.help());
                schedules.forEach(schedule -> metric.of(schedule)
                        .forEach(sample -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                                .labels(labels(schedule, sample))
                                .value(sample.value())
                                .build())));
                yield gauge.build();
            }
            case COUNTER -> {
                // The library adds the ending itself.
                CounterSnapshot.Builder counter = CounterSnapshot.builder()
                        .name(metric.text().substring(0, metric.text().length() - TOTAL.length()))
                        .help(metric.help());
                schedules.forEach(schedule -> metric.of(schedule)
                        .forEach(sample -> counter.dataPoint(CounterDataPointSnapshot.builder()
                                .labels(labels(schedule, sample))
                                .value(sample.value())
                                .build())));
                yield counter.build();
            }
        };
    }

    private static Labels labels(MaintenanceSchedule schedule, Sample sample) {
        Map<String, String> labels = new TreeMap<>(sample.labels());
        labels.put("namespace", schedule.getMetadata().getNamespace());
        labels.put("schedule", schedule.getMetadata().getName());
        return Labels.of(labels.keySet().toArray(String[]::new), labels.values().toArray(String[]::new));
    }
}
