package dev.mainstay.core.application;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.ManagedApplicationStatus;
import dev.mainstay.api.application.RestoreReadiness;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.status.Conditions;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is measured of each ManagedApplication, all of it gauges, read from the status as {@code PolicyMetric} is.
 * docs/reference/metrics.md is made from this list.
 */
public enum ApplicationMetric {
    HEALTHY(
            "mainstay_application_healthy",
            "1 while the condition Healthy is True, 0 while it is False; no series while it is Unknown, or without spec.health.",
            "Healthy"),
    REACHABLE(
            "mainstay_application_reachable",
            "1 while the condition Reachable is True, 0 while it is False; no series before the first pass, or without"
                    + " spec.health.",
            "Reachable"),
    RESTORE_READY(
            "mainstay_application_restore_ready",
            "1 while the condition RestoreReady is True, 0 while it is False; no series while it is Unknown, or without"
                    + " databases.",
            "RestoreReady"),
    KEPT_DATABASES(
            "mainstay_application_kept_databases",
            "Databases that restores have kept, as the newest daily looks found them on the servers; no series while one of"
                    + " them could not look.",
            ApplicationMetric::kept);

    private final String text;
    private final String help;
    private final Function<ManagedApplicationStatus, Optional<Double>> value;

    ApplicationMetric(String text, String help, String condition) {
        this(text, help, status -> holds(status, condition));
    }

    ApplicationMetric(String text, String help, Function<ManagedApplicationStatus, Optional<Double>> value) {
        this.text = text;
        this.help = help;
        this.value = value;
    }

    /** Its name. */
    public String text() {
        return text;
    }

    /** What it is, in a sentence. */
    public String help() {
        return help;
    }

    /** Its value for an application; empty while it is not known. */
    public Optional<Double> of(ManagedApplication application) {
        return Optional.ofNullable(application.getStatus()).flatMap(value);
    }

    private static Optional<Double> holds(ManagedApplicationStatus status, String condition) {
        return Conditions.find(status.conditions(), condition)
                .filter(found -> found.status() == ConditionStatus.TRUE || found.status() == ConditionStatus.FALSE)
                .map(found -> found.status() == ConditionStatus.TRUE ? 1.0 : 0.0);
    }

    private static Optional<Double> kept(ManagedApplicationStatus status) {
        List<Integer> counts = status.restoreReadiness().stream()
                .map(RestoreReadiness::keptCount)
                .toList();
        return counts.isEmpty() || counts.contains(null)
                ? Optional.empty()
                : Optional.of(counts.stream().mapToDouble(Integer::doubleValue).sum());
    }
}
