package dev.mainstay.api.metrics;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;

/** What the series of response times are called. */
public record DurationSeries(
        @JsonPropertyDescription("Buckets of a histogram of response times, in seconds.")
        @Default("http_request_duration_seconds_bucket")
        @Size(min = 1, max = 256)
        @ValidationRule(value = MetricSeries.NAME, message = MetricSeries.NAME_MESSAGE)
        String name,

        @JsonPropertyDescription("Labels that these series have; spec.metrics.labels when it is left out.")
        @Size(max = 8)
        @ValidationRule(value = MetricSeries.LABELS, message = MetricSeries.LABELS_MESSAGE)
        Map<String, @Size(max = 256) String> labels) {

    /** What holds when nothing is said. */
    public static final DurationSeries DEFAULTS = new DurationSeries(null, null);

    @Override
    public String name() {
        return name == null ? "http_request_duration_seconds_bucket" : name;
    }
}
