package dev.mainstay.controller.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Statuses of rules that the API server did not write, out of space for instance. People are told of alerts nevertheless
 * (VictoriaMetrics/VictoriaMetrics pull request 10376), so what they were told is remembered here until it is written: else each
 * attempt would tell it anew. It is forgotten with the process and with each change of the object, after which something may be told
 * twice.
 */
final class UnwrittenStatuses {

    private record Unwritten(String version, AlertRuleStatus status) {}

    private final Map<String, Unwritten> statuses = new ConcurrentHashMap<>();

    /** Keeps the status that was decided for this version of a rule. */
    void remember(AlertRule rule, AlertRuleStatus status) {
        statuses.put(
                rule.getMetadata().getUid(), new Unwritten(rule.getMetadata().getResourceVersion(), status));
    }

    /** It is written, or the rule is gone. */
    void forget(AlertRule rule) {
        statuses.remove(rule.getMetadata().getUid());
    }

    /** The rule with the status that it should have; the object itself is left as it is. */
    AlertRule known(AlertRule rule) {
        Unwritten unwritten = statuses.get(rule.getMetadata().getUid());
        if (unwritten == null || !unwritten.version().equals(rule.getMetadata().getResourceVersion())) {
            return rule;
        }
        AlertRule known = new AlertRule();
        known.setMetadata(rule.getMetadata());
        known.setSpec(rule.getSpec());
        known.setStatus(unwritten.status());
        return known;
    }
}
