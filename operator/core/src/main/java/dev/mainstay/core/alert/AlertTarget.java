package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleSpec;
import dev.mainstay.api.alert.AlertSeverity;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.core.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A channel that is to be told of an alert.
 *
 * @param channel its name
 * @param after how long the alert fires before that, without anybody having acknowledged it
 */
record AlertTarget(String channel, Duration after) {

    /**
     * Those of a rule, and those that stand in for them where none of them exists; empty where they are the application's, and
     * it can't be read.
     */
    static Optional<List<AlertTarget>> of(AlertRule rule, ManagedApplication application) {
        return of(rule, application, Set.of());
    }

    /** The same, where it is known which channels exist: nobody stands in for one that does. */
    static Optional<List<AlertTarget>> of(AlertRule rule, ManagedApplication application, Set<String> existing) {
        Optional<List<AlertTarget>> own = named(rule, application);
        return own.filter(targets -> rule.getSpec().notifyTargets() != null)
                .map(targets -> Stream.concat(
                                targets.stream(),
                                StandIns.of(rule, targets, application, existing).stream()
                                        .map(channel -> new AlertTarget(channel, StandIns.AFTER)))
                        .toList())
                .or(() -> own);
    }

    /** Those that the rule names, or its application for it; empty where they are the application's, and it can't be read. */
    static Optional<List<AlertTarget>> named(AlertRule rule, ManagedApplication application) {
        AlertRuleSpec spec = rule.getSpec();
        if (spec == null) {
            return Optional.empty();
        }
        if (spec.notifyTargets() != null) {
            return Optional.of(spec.notifyTargets().stream()
                    .map(target -> new AlertTarget(target.channel(), Durations.parse(target.after())))
                    .toList());
        }
        return application == null || application.getSpec() == null
                ? Optional.empty()
                : Optional.of(ofApplication(spec.severity(), application));
    }

    /** Those that an application has told of so grave an alert. */
    static List<AlertTarget> ofApplication(AlertSeverity severity, ManagedApplication application) {
        return application.getSpec().notifyTargets().stream()
                .filter(target -> isGraveEnough(severity, target.minSeverity()))
                .map(target -> new AlertTarget(target.channel(), Duration.ZERO))
                .toList();
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
