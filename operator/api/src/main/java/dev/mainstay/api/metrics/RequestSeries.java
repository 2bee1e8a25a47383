package dev.mainstay.api.metrics;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;

/** What the series of answered requests are called. */
public record RequestSeries(
        @JsonPropertyDescription("Counter of requests that were answered.")
        @Default("http_requests_total")
        @Size(min = 1, max = 256)
        @ValidationRule(value = MetricSeries.NAME, message = MetricSeries.NAME_MESSAGE)
        String name,

        @JsonPropertyDescription("Its label that has the code of the answer, such as 503.")
        @Default("code")
        @Size(min = 1, max = 128)
        @ValidationRule(
                value = "self.matches('^[a-zA-Z_][a-zA-Z0-9_]*$')",
                message = "must be the name of a label in Prometheus: letters, digits and _")
        String codeLabel,

        @JsonPropertyDescription("Labels that these series have; spec.metrics.labels when it is left out.")
        @Size(max = 8)
        @ValidationRule(value = MetricSeries.LABELS, message = MetricSeries.LABELS_MESSAGE)
        Map<String, @Size(max = 256) String> labels) {

    /** What holds when nothing is said. */
    public static final RequestSeries DEFAULTS = new RequestSeries(null, null, null);

    @Override
    public String name() {
        return name == null ? "http_requests_total" : name;
    }

    @Override
    public String codeLabel() {
        return codeLabel == null ? "code" : codeLabel;
    }
}
