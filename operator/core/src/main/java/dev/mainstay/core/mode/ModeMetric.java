package dev.mainstay.core.mode;

import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.status.Conditions;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is measured of each MaintenanceMode until it has ended, all of it gauges, read from the status as {@code PolicyMetric}
 * is. docs/reference/metrics.md is made from this list.
 */
public enum ModeMetric {
    ACTIVE(
            "mainstay_maintenance_mode_active",
            "1 while the condition Active is True, else 0; no series once it has ended.",
            status -> Optional.of(
                    Conditions.find(status.conditions(), "Active")
                                    .filter(active -> active.status() == ConditionStatus.TRUE)
                                    .isPresent()
                            ? 1.0
                            : 0.0)),
    END(
            "mainstay_maintenance_mode_end_timestamp_seconds",
            "When it is to end, or began to, whichever is first; no series while it lasts until it is deleted, nor once it has"
                    + " ended.",
            status -> Stream.of(status.endsAt(), status.leavingSince())
                    .filter(Objects::nonNull)
                    .min(Comparator.naturalOrder())
                    .map(Instant::getEpochSecond)
                    .map(Long::doubleValue));

    private final String text;
    private final String help;
    private final Function<MaintenanceModeStatus, Optional<Double>> value;

    ModeMetric(String text, String help, Function<MaintenanceModeStatus, Optional<Double>> value) {
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

    /** Its value for a mode; empty when there is none. */
    public Optional<Double> of(MaintenanceMode mode) {
        return Optional.ofNullable(mode.getStatus())
                .filter(ignored -> !ModeState.ended(mode))
                .flatMap(value);
    }
}
