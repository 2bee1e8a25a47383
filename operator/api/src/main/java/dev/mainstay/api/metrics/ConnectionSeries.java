package dev.mainstay.api.metrics;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;

/** What the series of connections are called. */
public record ConnectionSeries(
        @JsonPropertyDescription("Connections that are there; all series of the labels are added.")
        @Default("pg_stat_activity_count")
        @Size(min = 1, max = 256)
        @ValidationRule(value = MetricSeries.NAME, message = MetricSeries.NAME_MESSAGE)
        String used,

        @JsonPropertyDescription("Connections that the server allows.")
        @Default("pg_settings_max_connections")
        @Size(min = 1, max = 256)
        @ValidationRule(value = MetricSeries.NAME, message = MetricSeries.NAME_MESSAGE)
        String max,

        @JsonPropertyDescription("Labels that these series have; spec.metrics.labels when it is left out.")
        @Size(max = 8)
        @ValidationRule(value = MetricSeries.LABELS, message = MetricSeries.LABELS_MESSAGE)
        Map<String, @Size(max = 256) String> labels) {

    /** What holds when nothing is said. */
    public static final ConnectionSeries DEFAULTS = new ConnectionSeries(null, null, null);

    @Override
    public String used() {
        return used == null ? "pg_stat_activity_count" : used;
    }

    @Override
    public String max() {
        return max == null ? "pg_settings_max_connections" : max;
    }
}
