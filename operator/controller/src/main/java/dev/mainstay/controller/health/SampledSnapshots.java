package dev.mainstay.controller.health;

import dev.mainstay.core.backup.PolicyMetric.Sample;
import dev.mainstay.core.backup.PolicyMetric.Type;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** A metric with samples of objects of one kind. */
final class SampledSnapshots {

    private static final String TOTAL = "_total";

    private SampledSnapshots() {}

    /**
     * The metric as it is scraped.
     *
     * @param label the label that holds an object's name, beside {@code namespace}
     */
    static <T extends HasMetadata> MetricSnapshot of(
            String name,
            Type type,
            String help,
            String label,
            Collection<T> objects,
            Function<T, List<Sample>> samples) {
        return switch (type) {
            case GAUGE -> {
                GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
                objects.forEach(object -> samples.apply(object)
                        .forEach(sample -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                                .labels(labels(label, object, sample))
                                .value(sample.value())
                                .build())));
                yield gauge.build();
            }
            case COUNTER -> {
                // The library adds the ending itself.
                CounterSnapshot.Builder counter = CounterSnapshot.builder()
                        .name(name.substring(0, name.length() - TOTAL.length()))
                        .help(help);
                objects.forEach(object -> samples.apply(object)
                        .forEach(sample -> counter.dataPoint(CounterDataPointSnapshot.builder()
                                .labels(labels(label, object, sample))
                                .value(sample.value())
                                .build())));
                yield counter.build();
            }
        };
    }

    /** A counter of the operator's own, of no object. */
    static MetricSnapshot counted(String name, String help, Collection<Sample> samples) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name(name.substring(0, name.length() - TOTAL.length()))
                .help(help);
        samples.forEach(sample -> counter.dataPoint(CounterDataPointSnapshot.builder()
                .labels(labels(new TreeMap<>(sample.labels())))
                .value(sample.value())
                .build()));
        return counter.build();
    }

    private static Labels labels(String label, HasMetadata object, Sample sample) {
        Map<String, String> labels = new TreeMap<>(sample.labels());
        labels.put("namespace", object.getMetadata().getNamespace());
        labels.put(label, object.getMetadata().getName());
        return labels(labels);
    }

    private static Labels labels(Map<String, String> labels) {
        return Labels.of(labels.keySet().toArray(String[]::new), labels.values().toArray(String[]::new));
    }
}
