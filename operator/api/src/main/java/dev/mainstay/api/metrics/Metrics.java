package dev.mainstay.api.metrics;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;

/** Where the application's metrics are read, and which are its own. */
public record Metrics(
        @JsonPropertyDescription("A Prometheus, or a server with its API.") @Required
        Prometheus prometheus,

        @JsonPropertyDescription(
                "Labels that all series of the application have and no others do, such as namespace and job. AlertRules with a"
                        + " metric need them.")
        @Size(max = 8)
        @ValidationRule(value = MetricSeries.LABELS, message = MetricSeries.LABELS_MESSAGE)
        Map<String, @Size(max = 256) String> labels,

        @JsonPropertyDescription("What the series are called from which the metrics of AlertRules are computed.")
        MetricSeries series) {

    /** The labels; empty when none are given. */
    @Override
    public Map<String, String> labels() {
        return labels == null ? Map.of() : labels;
    }

    /** What the series are called. */
    @Override
    public MetricSeries series() {
        return series == null ? MetricSeries.DEFAULTS : series;
    }
}
