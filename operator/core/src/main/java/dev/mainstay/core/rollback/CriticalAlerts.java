package dev.mainstay.core.rollback;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertSeverity;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.rollback.CheckVerdict;
import dev.mainstay.api.rollback.VerificationCheck;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the critical AlertRules of an application say of what runs. One of another severity may fire for weeks in an application
 * that works, and one whose source is silent says nothing.
 */
public final class CriticalAlerts {

    /** The check of a verification. */
    static final String CHECK = "Alerts";

    private CriticalAlerts() {}

    /** Names of those that fire, in order. */
    public static List<String> firing(List<AlertRule> rules) {
        return rules.stream()
                .filter(CriticalAlerts::fires)
                .map(rule -> rule.getMetadata().getName())
                .sorted()
                .toList();
    }

    /** Whether a rule is one of those that fire. */
    public static boolean fires(AlertRule rule) {
        return isCritical(rule) && rule.getStatus() != null && rule.getStatus().state() == AlertState.FIRING;
    }

    /**
     * Whether what a rollback has put in place is free of them. One that fires may have begun before, and looks back for a while:
     * until it ends there is nothing to judge by. Empty for an application without a critical rule.
     */
    public static Optional<VerificationCheck> check(List<AlertRule> rules) {
        if (rules.stream().noneMatch(CriticalAlerts::isCritical)) {
            return Optional.empty();
        }
        return Optional.of(rules.stream()
                .filter(CriticalAlerts::fires)
                .min(Comparator.comparing(rule -> rule.getMetadata().getName()))
                .map(rule -> new VerificationCheck(CHECK, CheckVerdict.NO_DATA, null, told(rule)))
                .orElseGet(() -> new VerificationCheck(
                        CHECK, CheckVerdict.PASS, null, "no AlertRule of severity critical fires")));
    }

    private static String told(AlertRule rule) {
        return "AlertRule " + rule.getMetadata().getName() + ", severity critical, fires"
                + (rule.getStatus().firingSince() == null
                        ? ""
                        : " since " + rule.getStatus().firingSince())
                + ", and is waited for; what it measures: kubectl describe alertrule "
                + rule.getMetadata().getName();
    }

    private static boolean isCritical(AlertRule rule) {
        return rule.getSpec() != null
                && rule.getMetadata().getDeletionTimestamp() == null
                && rule.getSpec().severity() == AlertSeverity.CRITICAL;
    }
}
