package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleSpec;
import dev.mainstay.api.alert.AlertSeverity;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.core.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A channel that is to be told of an alert.
 *
 * @param channel its name
 * @param after how long the alert fires before that, without anybody having acknowledged it
 */
record AlertTarget(String channel, Duration after) {

    /** Those of a rule; empty where they are the application's, and it can't be read. */
    static Optional<List<AlertTarget>> of(AlertRule rule, ManagedApplication application) {
        AlertRuleSpec spec = rule.getSpec();
        if (spec == null) {
            return Optional.empty();
        }
        if (spec.notifyTargets() != null) {
            return Optional.of(spec.notifyTargets().stream()
                    .map(target -> new AlertTarget(target.channel(), Durations.parse(target.after())))
                    .toList());
        }
        if (application == null || application.getSpec() == null) {
            return Optional.empty();
        }
        return Optional.of(application.getSpec().notifyTargets().stream()
                .filter(target -> isGraveEnough(spec.severity(), target.minSeverity()))
                .map(target -> new AlertTarget(target.channel(), Duration.ZERO))
                .toList());
    }

    /** What a newer version calls a severity is told rather than kept back. */
    private static boolean isGraveEnough(AlertSeverity severity, AlertSeverity least) {
        return least == AlertSeverity.UNRECOGNIZED || severity.compareTo(least) >= 0;
    }

    /** Whether it is told as soon as the alert fires. */
    boolean isFirst() {
        return after.isZero();
    }
}
