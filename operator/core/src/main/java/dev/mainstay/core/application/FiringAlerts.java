package dev.mainstay.core.application;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertSeverity;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.application.ManagedApplicationStatus;
import java.util.Comparator;
import java.util.List;

/** Which of an application's AlertRules fire, for whoever looks at the application. */
public final class FiringAlerts {

    private static final Comparator<AlertRule> GRAVEST_FIRST = Comparator.<AlertRule>comparingInt(
                    rule -> switch (rule.getSpec().severity()) {
                        case CRITICAL -> 0;
                        case WARNING -> 1;
                        case INFO, UNRECOGNIZED -> 2;
                    })
            .thenComparing(rule -> rule.getMetadata().getName());

    private FiringAlerts() {}

    /** Their names, the gravest first; no more than the status names. */
    public static List<String> names(List<AlertRule> rules) {
        return rules.stream()
                .filter(rule -> severity(rule) != null)
                .sorted(GRAVEST_FIRST)
                .map(rule -> rule.getMetadata().getName())
                .limit(ManagedApplicationStatus.MOST_ALERTS)
                .toList();
    }

    /** How grave a rule is that fires; null while it does not. */
    public static AlertSeverity severity(AlertRule rule) {
        return rule.getSpec() != null
                        && rule.getMetadata().getDeletionTimestamp() == null
                        && rule.getStatus() != null
                        && rule.getStatus().state() == AlertState.FIRING
                ? rule.getSpec().severity()
                : null;
    }
}
