package dev.mainstay.controller.health;

import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.core.backup.PolicyMetric.Type;
import dev.mainstay.core.runbook.RunMetric;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Tells of every MaintenanceRun when it is scraped. What is not kept can't outlive its object. */
public final class RunMetrics implements MultiCollector {

    private final Supplier<Collection<MaintenanceRun>> runs;

    /** @param runs all that are known */
    public RunMetrics(Supplier<Collection<MaintenanceRun>> runs) {
        this.runs = runs;
    }

    @Override
    public MetricSnapshots collect() {
        Collection<MaintenanceRun> known = runs.get();
        return new MetricSnapshots(Stream.of(RunMetric.values())
                .map(metric -> SampledSnapshots.of(metric.text(), Type.GAUGE, metric.help(), "run", known, metric::of))
                .toList());
    }
}
