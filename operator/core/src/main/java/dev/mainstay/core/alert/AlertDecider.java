package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertRuleStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How an alert stands after a measurement, and what whom is to be told. */
public final class AlertDecider {

    private AlertDecider() {}

    /** What is to be done now. */
    public static AlertDecision decide(AlertObservation seen, Instant now) {
        return new AlertDecision(
                Optional.ofNullable(seen.rule().getStatus()).orElse(AlertRuleStatus.NONE),
                List.of(),
                List.of(),
                false,
                null);
    }
}
