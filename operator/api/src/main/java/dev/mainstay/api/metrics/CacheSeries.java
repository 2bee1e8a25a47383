package dev.mainstay.api.metrics;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;

/** What the series of caches are called. */
public record CacheSeries(
        @JsonPropertyDescription("Counter of look-ups that found something.")
        @Default("redis_keyspace_hits_total")
        @Size(min = 1, max = 256)
        @ValidationRule(value = MetricSeries.NAME, message = MetricSeries.NAME_MESSAGE)
        String hits,

        @JsonPropertyDescription("Counter of look-ups that found nothing.")
        @Default("redis_keyspace_misses_total")
        @Size(min = 1, max = 256)
        @ValidationRule(value = MetricSeries.NAME, message = MetricSeries.NAME_MESSAGE)
        String misses,

        @JsonPropertyDescription("Labels that these series have; spec.metrics.labels when it is left out.")
        @Size(max = 8)
        @ValidationRule(value = MetricSeries.LABELS, message = MetricSeries.LABELS_MESSAGE)
        Map<String, @Size(max = 256) String> labels) {

    /** What holds when nothing is said. */
    public static final CacheSeries DEFAULTS = new CacheSeries(null, null, null);

    @Override
    public String hits() {
        return hits == null ? "redis_keyspace_hits_total" : hits;
    }

    @Override
    public String misses() {
        return misses == null ? "redis_keyspace_misses_total" : misses;
    }
}
