package dev.mainstay.controller.alert;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.Finalizers;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.kube.StatusWriter.Answer;
import dev.mainstay.core.alert.AlertDecision;
import dev.mainstay.core.alert.AlertEvents;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Writes what was decided of a rule. People are told of alerts though a status can't be written, which a right or a webhook may
 * keep from being (VictoriaMetrics/VictoriaMetrics pull request 10376): what they were told is remembered until it is written, else
 * each attempt would tell it anew. It is forgotten with the process and with each change of the object, after which something may be
 * told twice.
 */
final class AlertWriter {

    private record Unwritten(String version, AlertRuleStatus status) {}

    private final Finalizers finalizers;
    private final StatusWriter statuses;
    private final EventRecorder events;
    private final Outbox outbox;
    private final BiConsumer<AlertRule, AlertRuleStatus> told;
    private final Map<String, Unwritten> unwritten = new ConcurrentHashMap<>();

    AlertWriter(
            Finalizers finalizers,
            StatusWriter statuses,
            EventRecorder events,
            Outbox outbox,
            BiConsumer<AlertRule, AlertRuleStatus> told) {
        this.finalizers = finalizers;
        this.statuses = statuses;
        this.events = events;
        this.outbox = outbox;
        this.told = told;
    }

    /** The rule with the status that it should have; the object itself is left as it is. */
    AlertRule known(AlertRule rule) {
        Unwritten decided = unwritten.get(rule.getMetadata().getUid());
        if (decided == null || !decided.version().equals(rule.getMetadata().getResourceVersion())) {
            return rule;
        }
        AlertRule known = new AlertRule();
        known.setMetadata(rule.getMetadata());
        known.setSpec(rule.getSpec());
        // What is to be done about it begins once it is written: limits and attempts have to outlive this process.
        known.setStatus(decided.status()
                .withRemediation(
                        rule.getStatus() == null ? null : rule.getStatus().remediation()));
        return known;
    }

    /** Whether the cache is behind what was written: a message that was taken meanwhile would be sent again. */
    boolean isOutdated(AlertRule rule) {
        return statuses.isOutdated(rule);
    }

    /** The rule is gone. */
    void forget(AlertRule rule) {
        unwritten.remove(rule.getMetadata().getUid());
    }

    /** The rule once finalizer and status are written; empty when it was changed meanwhile. */
    Optional<AlertRule> write(AlertRule observed, AlertDecision decision) {
        AlertRule newest = observed;
        try {
            Optional<AlertRule> held = held(observed, decision);
            newest = held.orElse(observed);
            return held.filter(rule -> isWritten(observed, rule, decision.status()));
        } catch (RuntimeException e) {
            // Nobody can tell how long the API server writes nothing, and people are to hear of the alert now.
            unwritten.put(
                    newest.getMetadata().getUid(),
                    new Unwritten(newest.getMetadata().getResourceVersion(), decision.status()));
            outbox.hand(observed.getMetadata().getUid(), decision.messages(), decision.open());
            throw e;
        }
    }

    private boolean isWritten(AlertRule observed, AlertRule rule, AlertRuleStatus status) {
        if (Objects.equals(status, observed.getStatus())) {
            return true;
        }
        if (statuses.write(rule, status) != Answer.WRITTEN) {
            return false;
        }
        forget(rule);
        events.transition(
                observed,
                Optional.ofNullable(observed.getStatus())
                        .map(AlertRuleStatus::conditions)
                        .orElse(List.of()),
                status.conditions());
        AlertEvents.between(observed, status)
                .forEach(one -> events.tell(observed, one.reason().text(), one.message()));
        told.accept(observed, status);
        return true;
    }

    /** With the finalizer, if it needs that and may have it still; empty when it was changed meanwhile. */
    private Optional<AlertRule> held(AlertRule rule, AlertDecision decision) {
        return decision.finalizer()
                        && !rule.getMetadata().getFinalizers().contains(Annotations.ALERT_FINALIZER)
                        && rule.getMetadata().getDeletionTimestamp() == null
                ? finalizers.added(rule, Annotations.ALERT_FINALIZER)
                : Optional.of(rule);
    }
}
