package dev.mainstay.controller.health;

import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.core.backup.PolicyMetric;
import dev.mainstay.core.backup.PolicyMetric.Sample;
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

/** Tells of every BackupPolicy when it is scraped. What is not kept can't outlive its object. */
public final class PolicyMetrics implements MultiCollector {

    private static final String TOTAL = "_total";

    private final Supplier<Collection<BackupPolicy>> policies;

    /** @param policies all that are known */
    public PolicyMetrics(Supplier<Collection<BackupPolicy>> policies) {
        this.policies = policies;
    }

    @Override
    public MetricSnapshots collect() {
        Collection<BackupPolicy> known = policies.get();
        return new MetricSnapshots(Stream.of(PolicyMetric.values())
                .map(metric -> snapshot(metric, known))
                .toList());
    }

    private static MetricSnapshot snapshot(PolicyMetric metric, Collection<BackupPolicy> policies) {
        return switch (metric.type()) {
            case GAUGE -> {
                GaugeSnapshot.Builder gauge =
                        GaugeSnapshot.builder().name(metric.text()).help(metric.help());
                policies.forEach(policy -> metric.of(policy)
                        .forEach(sample -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                                .labels(labels(policy, sample))
                                .value(sample.value())
                                .build())));
                yield gauge.build();
            }
            case COUNTER -> {
                // The library adds the ending itself.
                CounterSnapshot.Builder counter = CounterSnapshot.builder()
                        .name(metric.text().substring(0, metric.text().length() - TOTAL.length()))
                        .help(metric.help());
                policies.forEach(policy -> metric.of(policy)
                        .forEach(sample -> counter.dataPoint(CounterDataPointSnapshot.builder()
                                .labels(labels(policy, sample))
                                .value(sample.value())
                                .build())));
                yield counter.build();
            }
        };
    }

    private static Labels labels(BackupPolicy policy, Sample sample) {
        Map<String, String> labels = new TreeMap<>(sample.labels());
        labels.put("namespace", policy.getMetadata().getNamespace());
        labels.put("policy", policy.getMetadata().getName());
        return Labels.of(labels.keySet().toArray(String[]::new), labels.values().toArray(String[]::new));
    }
}
