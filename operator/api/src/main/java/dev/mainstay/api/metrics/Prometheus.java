package dev.mainstay.api.metrics;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A server that answers queries as Prometheus does. */
public record Prometheus(
        @JsonPropertyDescription("URL before /api/v1/query, as the operator's Pods reach it, such as "
                + "http://prometheus.monitoring:9090.")
        @Required
        @Size(min = 1, max = 512)
        @ValidationRule(
                value = "self.matches(r'^https?://[^/?#@\\s]+(/[^?#\\s]*)?$') && isURL(self)"
                        + " && (url(self).getPort() == '' || int(url(self).getPort()) <= 65535)",
                message =
                        "must be a URL with nothing but http or https, a host, maybe a port up to 65535 and maybe a path,"
                                + " such as http://prometheus.monitoring:9090 or https://metrics.example.org/prometheus")
        String url,

        @JsonPropertyDescription("How long one answer may take.")
        @Default("5s")
        @Size(min = 2, max = 32)
        @ValidationRule(
                value = "self == '1m' || self.matches('^([1-9]|[1-5][0-9]|60)s$')",
                message = "must be a duration from 1s to 60s, such as 5s")
        String timeout) {

    /** How long one answer may take; {@code 5s} when nothing is given. */
    @Override
    public String timeout() {
        return timeout == null ? "5s" : timeout;
    }
}
