package dev.mainstay.api.metrics;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;

/** What the series of certificates are called. */
public record CertificateSeries(
        @JsonPropertyDescription("When the certificate of an endpoint ends, in seconds since 1970.")
        @Default("probe_ssl_earliest_cert_expiry")
        @Size(min = 1, max = 256)
        @ValidationRule(value = MetricSeries.NAME, message = MetricSeries.NAME_MESSAGE)
        String notAfter,

        @JsonPropertyDescription("Labels that these series have; spec.metrics.labels when it is left out.")
        @Size(max = 8)
        @ValidationRule(value = MetricSeries.LABELS, message = MetricSeries.LABELS_MESSAGE)
        Map<String, @Size(max = 256) String> labels) {

    /** What holds when nothing is said. */
    public static final CertificateSeries DEFAULTS = new CertificateSeries(null, null);

    @Override
    public String notAfter() {
        return notAfter == null ? "probe_ssl_earliest_cert_expiry" : notAfter;
    }
}
