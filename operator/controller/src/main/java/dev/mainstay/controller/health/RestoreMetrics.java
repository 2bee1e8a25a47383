package dev.mainstay.controller.health;

import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.core.backup.PolicyMetric.Type;
import dev.mainstay.core.restore.RestoreMetric;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Tells of every RestoreRequest when it is scraped. What is not kept can't outlive its object. */
public final class RestoreMetrics implements MultiCollector {

    private final Supplier<Collection<RestoreRequest>> requests;

    /** @param requests all that are known */
    public RestoreMetrics(Supplier<Collection<RestoreRequest>> requests) {
        this.requests = requests;
    }

    @Override
    public MetricSnapshots collect() {
        Collection<RestoreRequest> known = requests.get();
        return new MetricSnapshots(Stream.of(RestoreMetric.values())
                .map(metric ->
                        SampledSnapshots.of(metric.text(), Type.GAUGE, metric.help(), "request", known, metric::of))
                .toList());
    }
}
