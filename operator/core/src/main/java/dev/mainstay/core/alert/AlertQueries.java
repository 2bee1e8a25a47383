package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertMetric;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleSpec;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.metrics.Comparison;
import dev.mainstay.api.metrics.MetricSeries;
import dev.mainstay.api.metrics.Metrics;
import dev.mainstay.core.Durations;
import dev.mainstay.core.status.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is asked for a rule, or why nothing can be. One of them is there.
 *
 * @param query what is asked
 * @param obstacle what is in the way
 */
public record AlertQueries(Optional<AlertQuery> query, Optional<AlertObstacle> obstacle) {

    private static final String DOCS = " docs/alerts.md tells what each metric needs.";

    /**
     * What is asked for a rule.
     *
     * @param application the application that the rule names
     * @param allowFreeQueries whether the release takes queries of users
     */
    public static AlertQueries of(AlertRule rule, ManagedApplication application, boolean allowFreeQueries) {
        AlertRuleSpec spec = rule.getSpec();
        Optional<String> wrongSide = wrongSide(spec);
        if (wrongSide.isPresent()) {
            return obstacle(Reason.INVALID_SPEC, self(rule) + wrongSide.get());
        }
        if (spec.metric() == null) {
            return free(rule, application, allowFreeQueries);
        }
        String name = application.getMetadata().getName();
        return switch (spec.metric()) {
            case CPU, MEMORY ->
                application.getSpec() == null
                                || application.getSpec().workloads().isEmpty()
                        ? lacks(Reason.METRICS_NOT_CONFIGURED, rule, application, "no spec.workloads", "Name them.")
                        : asked(new AlertQuery.PodUsage(name, spec.metric()));
            case HEALTH_CHECK ->
                application.getSpec() == null || application.getSpec().health() == null
                        ? lacks(
                                Reason.HEALTH_NOT_CONFIGURED,
                                rule,
                                application,
                                "no spec.health",
                                "Say there which workload is asked, and how.")
                        : asked(new AlertQuery.Health(name));
            case BACKUP_AGE -> asked(new AlertQuery.BackupAge(name));
            case UNRECOGNIZED ->
                obstacle(
                        Reason.INVALID_SPEC,
                        self(rule) + "spec.metric is one that this version of Mainstay does not know. Correct it, or"
                                + " upgrade Mainstay.");
            case REQUEST_RATE,
                    ERROR_RATE,
                    RESPONSE_TIME,
                    DISK_SPACE,
                    CACHE_HIT_RATE,
                    DATABASE_CONNECTIONS,
                    CERTIFICATE_EXPIRY -> grouped(rule, application);
        };
    }

    /** The schema compares all but durations, of which it knows no days: such an alert would end while it fires. */
    private static Optional<String> wrongSide(AlertRuleSpec spec) {
        String threshold = spec.threshold() == null ? null : spec.threshold().duration();
        String recover =
                spec.recoverThreshold() == null ? null : spec.recoverThreshold().duration();
        if (threshold == null || recover == null) {
            return Optional.empty();
        }
        int side = Durations.parse(recover).compareTo(Durations.parse(threshold));
        boolean greater = spec.comparison() == Comparison.GREATER_THAN;
        return (greater ? side > 0 : side < 0)
                ? Optional.of("spec.recoverThreshold.duration is " + recover + ", on the wrong side of "
                        + "spec.threshold.duration, " + threshold + ": with comparison "
                        + (greater ? "GreaterThan it must not be longer." : "LessThan it must not be shorter.")
                        + " Correct one of the two.")
                : Optional.empty();
    }

    private static AlertQueries free(AlertRule rule, ManagedApplication application, boolean allowed) {
        if (!allowed) {
            return obstacle(
                    Reason.FREE_QUERIES_NOT_ALLOWED,
                    self(rule)
                            + "spec.promql has a query of its own, and this release takes none, since a query can read"
                            + " everything in its Prometheus. Use spec.metric, or have the chart's value"
                            + " alerts.allowFreeQueries set to true.");
        }
        return metrics(application)
                .map(metrics -> asked(new AlertQuery.Single(
                        metrics.prometheus(), rule.getSpec().promql())))
                .orElseGet(() -> noMetrics(rule, application));
    }

    private static AlertQueries grouped(AlertRule rule, ManagedApplication application) {
        AlertMetric metric = rule.getSpec().metric();
        Optional<Metrics> metrics = metrics(application);
        if (metrics.isEmpty()) {
            return noMetrics(rule, application);
        }
        Named named = named(metric, metrics.get().series());
        TreeMap<String, String> labels =
                new TreeMap<>(named.labels() == null ? metrics.get().labels() : named.labels());
        if (labels.isEmpty()) {
            return lacks(
                    Reason.METRICS_NOT_CONFIGURED,
                    rule,
                    application,
                    "no spec.metrics.labels",
                    "Give those that the series of this application have and no others do, such as namespace and job."
                            + DOCS);
        }
        Optional<String> wrong = wrong(metric, named.series(), labels);
        if (wrong.isPresent()) {
            return lacks(
                    Reason.INVALID_SPEC,
                    rule,
                    application,
                    "'" + wrong.get() + "' in spec.metrics, which is no name in Prometheus",
                    "Correct it.");
        }
        String window = named.looksBack()
                ? Durations.format(Durations.parse(rule.getSpec().window()))
                : "";
        return asked(new AlertQuery.Grouped(
                new AlertGroup(
                        metrics.get().prometheus(), metric, named.series(), List.copyOf(labels.keySet()), window),
                List.copyOf(labels.values())));
    }

    /**
     * What the series of a metric are called.
     *
     * @param labels the labels of these series alone; null when they have those of all
     * @param looksBack whether the metric looks back over a window
     */
    private record Named(List<String> series, Map<String, String> labels, boolean looksBack) {}

    private static Named named(AlertMetric metric, MetricSeries series) {
        return switch (metric) {
            case REQUEST_RATE ->
                new Named(List.of(series.requests().name()), series.requests().labels(), true);
            case ERROR_RATE ->
                new Named(
                        List.of(series.requests().name(), series.requests().codeLabel()),
                        series.requests().labels(),
                        true);
            case RESPONSE_TIME ->
                new Named(List.of(series.durations().name()), series.durations().labels(), true);
            case DISK_SPACE ->
                new Named(
                        List.of(series.volumes().used(), series.volumes().capacity()),
                        series.volumes().labels(),
                        false);
            case CACHE_HIT_RATE ->
                new Named(
                        List.of(series.caches().hits(), series.caches().misses()),
                        series.caches().labels(),
                        true);
            case DATABASE_CONNECTIONS ->
                new Named(
                        List.of(
                                series.connections().used(),
                                series.connections().max()),
                        series.connections().labels(),
                        false);
            case CERTIFICATE_EXPIRY ->
                new Named(
                        List.of(series.certificates().notAfter()),
                        series.certificates().labels(),
                        false);
            case CPU, MEMORY, HEALTH_CHECK, BACKUP_AGE, UNRECOGNIZED ->
                throw new IllegalStateException("no series of " + metric);
        };
    }

    /** The schema has refused such names; what is not checked here would be read as PromQL. */
    private static Optional<String> wrong(AlertMetric metric, List<String> series, Map<String, String> labels) {
        for (int index = 0; index < series.size(); index++) {
            boolean isLabel = metric == AlertMetric.ERROR_RATE && index == 1;
            if (isLabel ? !PromqlText.isLabel(series.get(index)) : !PromqlText.isName(series.get(index))) {
                return Optional.of(series.get(index));
            }
        }
        return labels.keySet().stream()
                .filter(label -> !PromqlText.isLabel(label))
                .findFirst();
    }

    private static Optional<Metrics> metrics(ManagedApplication application) {
        return Optional.ofNullable(application.getSpec())
                .map(spec -> spec.metrics())
                .filter(metrics -> metrics.prometheus() != null);
    }

    private static AlertQueries noMetrics(AlertRule rule, ManagedApplication application) {
        return lacks(
                Reason.METRICS_NOT_CONFIGURED,
                rule,
                application,
                "no spec.metrics",
                "Name its Prometheus there, and the labels of its series." + DOCS);
    }

    private static AlertQueries lacks(
            Reason reason, AlertRule rule, ManagedApplication application, String what, String advice) {
        return obstacle(
                reason,
                self(rule)
                        + (rule.getSpec().metric() == null
                                ? "spec.promql"
                                : "spec.metric " + word(rule.getSpec().metric()))
                        + " can't be measured: ManagedApplication "
                        + application.getMetadata().getName() + " has " + what + ". " + advice);
    }

    private static String word(AlertMetric metric) {
        return switch (metric) {
            case REQUEST_RATE -> "RequestRate";
            case ERROR_RATE -> "ErrorRate";
            case RESPONSE_TIME -> "ResponseTime";
            case CPU -> "Cpu";
            case MEMORY -> "Memory";
            case DISK_SPACE -> "DiskSpace";
            case HEALTH_CHECK -> "HealthCheck";
            case CACHE_HIT_RATE -> "CacheHitRate";
            case DATABASE_CONNECTIONS -> "DatabaseConnections";
            case BACKUP_AGE -> "BackupAge";
            case CERTIFICATE_EXPIRY -> "CertificateExpiry";
            case UNRECOGNIZED -> "Unrecognized";
        };
    }

    private static String self(AlertRule rule) {
        return "AlertRule " + rule.getMetadata().getName() + ": ";
    }

    private static AlertQueries asked(AlertQuery query) {
        return new AlertQueries(Optional.of(query), Optional.empty());
    }

    private static AlertQueries obstacle(Reason reason, String message) {
        return new AlertQueries(Optional.empty(), Optional.of(new AlertObstacle(reason, message)));
    }
}
