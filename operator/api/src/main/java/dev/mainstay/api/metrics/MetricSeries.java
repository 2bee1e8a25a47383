package dev.mainstay.api.metrics;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** What the series are called from which built-in metrics are computed. */
public record MetricSeries(
        @JsonPropertyDescription("Requests that were answered: RequestRate and ErrorRate.")
        RequestSeries requests,

        @JsonPropertyDescription("How long answers took: ResponseTime.")
        DurationSeries durations,

        @JsonPropertyDescription("Volumes: DiskSpace.") VolumeSeries volumes,

        @JsonPropertyDescription("Look-ups in caches: CacheHitRate.")
        CacheSeries caches,

        @JsonPropertyDescription("Connections to database servers: DatabaseConnections.")
        ConnectionSeries connections,

        @JsonPropertyDescription("Certificates that are served: CertificateExpiry.")
        CertificateSeries certificates) {

    /** What holds when nothing is said: the names of the exporters that are used most. */
    public static final MetricSeries DEFAULTS = new MetricSeries(null, null, null, null, null, null);

    /** Rule in CEL for the name of a series. */
    public static final String NAME = "self.matches('^[a-zA-Z_:][a-zA-Z0-9_:]*$')";

    public static final String NAME_MESSAGE =
            "must be the name of a series alone: letters, digits, _ and :, and no labels, which go into labels";

    /** Rule in CEL for labels of series. */
    public static final String LABELS =
            "self.all(label, label.matches('^[a-zA-Z_][a-zA-Z0-9_]*$') && label != '__name__')";

    public static final String LABELS_MESSAGE = "each must be the name of a label in Prometheus: letters, digits and _";

    @Override
    public RequestSeries requests() {
        return requests == null ? RequestSeries.DEFAULTS : requests;
    }

    @Override
    public DurationSeries durations() {
        return durations == null ? DurationSeries.DEFAULTS : durations;
    }

    @Override
    public VolumeSeries volumes() {
        return volumes == null ? VolumeSeries.DEFAULTS : volumes;
    }

    @Override
    public CacheSeries caches() {
        return caches == null ? CacheSeries.DEFAULTS : caches;
    }

    @Override
    public ConnectionSeries connections() {
        return connections == null ? ConnectionSeries.DEFAULTS : connections;
    }

    @Override
    public CertificateSeries certificates() {
        return certificates == null ? CertificateSeries.DEFAULTS : certificates;
    }
}
