package dev.mainstay.core.application;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.status.Conditions;
import java.util.Optional;

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
            "RestoreReady");

    private final String text;
    private final String help;
    private final String condition;

    ApplicationMetric(String text, String help, String condition) {
        this.text = text;
        this.help = help;
        this.condition = condition;
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
        return Optional.ofNullable(application.getStatus())
                .flatMap(status -> Conditions.find(status.conditions(), condition))
                .filter(found -> found.status() == ConditionStatus.TRUE || found.status() == ConditionStatus.FALSE)
                .map(found -> found.status() == ConditionStatus.TRUE ? 1.0 : 0.0);
    }
}
