package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertRuleStatus;
import java.time.Instant;
import java.util.List;

/**
 * What is to be done for an alert rule.
 *
 * @param status the whole status
 * @param messages all messages that are not taken yet: they are handed over once the status is written that knows of them
 * @param open the alerts that channels believe to fire, as their newest message: an Alertmanager forgets one that is not said again
 * @param finalizer whether the object has to stay until channels know that its alert is over
 * @param wakeUp when to look again at the latest; null when only an event changes anything
 */
public record AlertDecision(
        AlertRuleStatus status,
        List<AlertMessage> messages,
        List<AlertMessage> open,
        boolean finalizer,
        Instant wakeUp) {

    /** Keeps copies of the lists. */
    public AlertDecision {
        messages = List.copyOf(messages);
        open = List.copyOf(open);
    }
}
