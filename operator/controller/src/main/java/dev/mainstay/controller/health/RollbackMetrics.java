package dev.mainstay.controller.health;

import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.core.backup.PolicyMetric.Sample;
import dev.mainstay.core.backup.PolicyMetric.Type;
import dev.mainstay.core.rollback.RollbackMetric;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Tells of every RollbackRequest when it is scraped. What is not kept can't outlive its object. */
public final class RollbackMetrics implements MultiCollector {

    private final Supplier<Collection<RollbackRequest>> requests;

    /** @param requests all that are known */
    public RollbackMetrics(Supplier<Collection<RollbackRequest>> requests) {
        this.requests = requests;
    }

    @Override
    public MetricSnapshots collect() {
        Collection<RollbackRequest> known = requests.get();
        return new MetricSnapshots(Stream.of(RollbackMetric.values())
                .map(metric -> SampledSnapshots.of(
                        metric.text(),
                        Type.GAUGE,
                        metric.help(),
                        "request",
                        known,
                        request -> samples(metric, request)))
                .toList());
    }

    private static List<Sample> samples(RollbackMetric metric, RollbackRequest request) {
        return metric.of(request).stream()
                .map(moment -> new Sample(moment.labels(), moment.at().getEpochSecond()))
                .toList();
    }
}
