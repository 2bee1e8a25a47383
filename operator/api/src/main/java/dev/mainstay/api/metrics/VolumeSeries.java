package dev.mainstay.api.metrics;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;

/** What the series of volumes are called. */
public record VolumeSeries(
        @JsonPropertyDescription("Bytes of each volume that are used.")
        @Default("kubelet_volume_stats_used_bytes")
        @Size(min = 1, max = 256)
        @ValidationRule(value = MetricSeries.NAME, message = MetricSeries.NAME_MESSAGE)
        String used,

        @JsonPropertyDescription("Bytes that each volume has.")
        @Default("kubelet_volume_stats_capacity_bytes")
        @Size(min = 1, max = 256)
        @ValidationRule(value = MetricSeries.NAME, message = MetricSeries.NAME_MESSAGE)
        String capacity,

        @JsonPropertyDescription("Labels that these series have; spec.metrics.labels when it is left out.")
        @Size(max = 8)
        @ValidationRule(value = MetricSeries.LABELS, message = MetricSeries.LABELS_MESSAGE)
        Map<String, @Size(max = 256) String> labels) {

    /** What holds when nothing is said. */
    public static final VolumeSeries DEFAULTS = new VolumeSeries(null, null, null);

    @Override
    public String used() {
        return used == null ? "kubelet_volume_stats_used_bytes" : used;
    }

    @Override
    public String capacity() {
        return capacity == null ? "kubelet_volume_stats_capacity_bytes" : capacity;
    }
}
