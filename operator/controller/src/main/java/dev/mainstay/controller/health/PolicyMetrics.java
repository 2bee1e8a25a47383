package dev.mainstay.controller.health;

import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.core.backup.PolicyMetric;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Tells of every BackupPolicy when it is scraped. What is not kept can't outlive its object. */
public final class PolicyMetrics implements MultiCollector {

    private final Supplier<Collection<BackupPolicy>> policies;

    /** @param policies all that are known */
    public PolicyMetrics(Supplier<Collection<BackupPolicy>> policies) {
        this.policies = policies;
    }

    @Override
    public MetricSnapshots collect() {
        Collection<BackupPolicy> known = policies.get();
        return new MetricSnapshots(Stream.of(PolicyMetric.values())
                .map(metric ->
                        SampledSnapshots.of(metric.text(), metric.type(), metric.help(), "policy", known, metric::of))
                .toList());
    }
}
