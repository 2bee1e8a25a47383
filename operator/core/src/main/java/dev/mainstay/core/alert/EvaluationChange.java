package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleSpec;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.status.Conditions;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a measurement is worth a look at its rule: ten thousand rules with values that stay good are not looked at. */
public final class EvaluationChange {

    private EvaluationChange() {}

    /**
     * Whether the status of a rule may change by a measurement. One that is said to change nothing does not; one that is said to may.
     * What is due by time alone is not looked at: for that a decision tells when to look again.
     *
     * @param rule the rule as it was seen last, maybe before its newest status
     * @param before the measurement before; null when there was none
     * @param after the new one
     */
    public static boolean mayChange(AlertRule rule, Evaluation before, Evaluation after) {
        AlertRuleSpec spec = rule.getSpec();
        if (spec == null) {
            return false;
        }
        // The status may be older than what was decided by the measurement before.
        if (before != null && Verdict.of(spec, before) != Verdict.of(spec, after)) {
            return true;
        }
        AlertRuleStatus status = Optional.ofNullable(rule.getStatus()).orElse(AlertRuleStatus.NONE);
        Standing standing = Standing.of(status, after.at());
        return !AlertClock.judge(spec, standing, after, after.at()).equals(standing)
                || Stream.of("Evaluated", "DataAvailable").anyMatch(type -> saysMore(type, status, after));
    }

    private static boolean saysMore(String type, AlertRuleStatus status, Evaluation after) {
        Optional<Condition> was = Conditions.find(status.conditions(), type);
        return Finding.of(type, after, was)
                .filter(finding -> was.filter(finding::isSaid).isEmpty())
                .isPresent();
    }
}
