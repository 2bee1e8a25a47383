package dev.mainstay.controller.health;

import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.core.restore.RestoreClaims;
import dev.mainstay.core.restore.RestoreMetric;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.Optional;
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
                .map(metric -> snapshot(metric, known))
                .toList());
    }

    private static MetricSnapshot snapshot(RestoreMetric metric, Collection<RestoreRequest> requests) {
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name(metric.text()).help(metric.help());
        requests.forEach(request -> metric.of(request)
                .ifPresent(value -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(Labels.of(
                                "namespace", request.getMetadata().getNamespace(),
                                "application", application(request),
                                "request", request.getMetadata().getName()))
                        .value(value)
                        .build())));
        return gauge.build();
    }

    private static String application(RestoreRequest request) {
        return Optional.ofNullable(RestoreClaims.application(request)).orElse("");
    }
}
