package dev.mainstay.controller.alert;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.Finalizers;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.kube.StatusWriter.Answer;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.alert.AlertDecider;
import dev.mainstay.core.alert.AlertDecision;
import dev.mainstay.core.alert.AlertObservation;
import dev.mainstay.core.alert.OpenAlerts;
import dev.mainstay.core.status.Reason;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Observes, decides, acts and reports on AlertRules. */
public final class AlertRuleReconciler implements Reconciler<AlertRule> {

    /** Of one that is about to go: nothing is measured for it any more. */
    private final Evaluations evaluations;

    private final Outbox outbox;
    private final AlertObserver observer;
    private final BiFunction<String, String, Optional<String>> otherRelease;
    private final Finalizers finalizers;
    private final StatusWriter statuses;
    private final EventRecorder events;
    private final Wakeups wakeups;
    private final Clock clock;
    private final BiFunction<AlertObservation, Instant, AlertDecision> decider;
    private final BiConsumer<AlertRule, AlertRuleStatus> told;
    private final Consumer<AlertRule> forgotten;

    /**
     * Composes it.
     *
     * @param otherRelease the other release that works on an application, by namespace and name; empty when it is this one's
     */
    public AlertRuleReconciler(
            Evaluations evaluations,
            Outbox outbox,
            AlertMutes mutes,
            Remediations remediations,
            BiFunction<String, String, Optional<String>> otherRelease,
            Finalizers finalizers,
            StatusWriter statuses,
            EventRecorder events,
            Wakeups wakeups,
            Clock clock) {
        this(
                evaluations,
                outbox,
                mutes,
                otherRelease,
                finalizers,
                statuses,
                events,
                wakeups,
                clock,
                (seen, now) -> remediations.remediate(seen, AlertDecider.decide(seen, now), now),
                remediations::told,
                remediations::forget);
    }

    AlertRuleReconciler(
            Evaluations evaluations,
            Outbox outbox,
            AlertMutes mutes,
            BiFunction<String, String, Optional<String>> otherRelease,
            Finalizers finalizers,
            StatusWriter statuses,
            EventRecorder events,
            Wakeups wakeups,
            Clock clock,
            BiFunction<AlertObservation, Instant, AlertDecision> decider,
            BiConsumer<AlertRule, AlertRuleStatus> told,
            Consumer<AlertRule> forgotten) {
        this.evaluations = evaluations;
        this.outbox = outbox;
        this.observer = new AlertObserver(evaluations, outbox, mutes, wakeups);
        this.otherRelease = otherRelease;
        this.finalizers = finalizers;
        this.statuses = statuses;
        this.events = events;
        this.wakeups = wakeups;
        this.clock = clock;
        this.decider = decider;
        this.told = told;
        this.forgotten = forgotten;
    }

    @Override
    public List<EventSource<?, AlertRule>> prepareEventSources(EventSourceContext<AlertRule> context) {
        return List.of(wakeups.alerts().rules(context.getPrimaryCache()));
    }

    @Override
    public UpdateControl<AlertRule> reconcile(AlertRule rule, Context<AlertRule> context) {
        wakeups.alerts().ruleSeen(rule, context.isPrimaryResourceDeleted());
        if (context.isPrimaryResourceDeleted()) {
            forget(rule);
            return UpdateControl.noUpdate();
        }
        if (!wakeups.filled()) {
            return UpdateControl.<AlertRule>noUpdate().rescheduleAfter(Wakeups.FILLING);
        }
        if (deleting(rule)) {
            evaluations.forget(rule);
        }
        if (deleting(rule) && !marked(rule)) {
            forget(rule);
            return UpdateControl.noUpdate();
        }
        if (isLetGo(rule)) {
            return released(rule);
        }
        if (rule.unreadableStatus().isPresent()) {
            return UpdateControl.noUpdate();
        }
        if (claimedElsewhere(rule)) {
            forget(rule);
            return UpdateControl.noUpdate();
        }
        Instant now = clock.instant();
        return report(rule, decider.apply(observer.observe(rule, now), now), now);
    }

    private void forget(AlertRule rule) {
        evaluations.forget(rule);
        forgotten.accept(rule);
        outbox.hand(rule.getMetadata().getUid(), List.of(), List.of());
    }

    private static boolean deleting(AlertRule rule) {
        return rule.getMetadata().getDeletionTimestamp() != null;
    }

    private static boolean marked(AlertRule rule) {
        return rule.getMetadata().getFinalizers().contains(Annotations.ALERT_FINALIZER);
    }

    /** Whether nothing is waited for any more: a person has said so, or nobody can tell what was told to whom. */
    private boolean isLetGo(AlertRule rule) {
        return deleting(rule)
                && (Finalizers.isForced(rule) || rule.unreadableStatus().isPresent());
    }

    private UpdateControl<AlertRule> released(AlertRule rule) {
        events.tell(rule, Reason.CANCELLED.text(), OpenAlerts.leftOpen(rule));
        return letGo(rule);
    }

    private UpdateControl<AlertRule> letGo(AlertRule rule) {
        return finalizers.remove(rule, Annotations.ALERT_FINALIZER)
                ? UpdateControl.noUpdate()
                : UpdateControl.<AlertRule>noUpdate().rescheduleAfter(StatusWriter.LOOK_AGAIN);
    }

    /** Another release works on its application, and writes its status. */
    private boolean claimedElsewhere(AlertRule rule) {
        return rule.getSpec() != null
                && otherRelease
                        .apply(
                                rule.getMetadata().getNamespace(),
                                rule.getSpec().applicationRef().name())
                        .isPresent();
    }

    /** What is handed over is in the status before: a process that ends in between finds there what it has to send. */
    private UpdateControl<AlertRule> report(AlertRule observed, AlertDecision decision, Instant now) {
        if (deleting(observed) && !decision.finalizer()) {
            outbox.hand(observed.getMetadata().getUid(), decision.messages(), decision.open());
            return letGo(observed);
        }
        Optional<AlertRule> held = held(observed, decision);
        if (held.isEmpty()) {
            return UpdateControl.<AlertRule>noUpdate().rescheduleAfter(StatusWriter.LOOK_AGAIN);
        }
        AlertRule rule = held.get();
        AlertRuleStatus status = decision.status();
        if (!Objects.equals(status, observed.getStatus())) {
            if (statuses.write(rule, status) != Answer.WRITTEN) {
                return UpdateControl.<AlertRule>noUpdate().rescheduleAfter(StatusWriter.LOOK_AGAIN);
            }
            events.transition(
                    observed,
                    Optional.ofNullable(observed.getStatus())
                            .map(AlertRuleStatus::conditions)
                            .orElse(List.of()),
                    status.conditions());
            told.accept(observed, status);
        }
        outbox.hand(observed.getMetadata().getUid(), decision.messages(), decision.open());
        if (!decision.finalizer() && marked(rule)) {
            // A status that was written now made the object a newer one, of which the next pass takes it away.
            boolean written = !Objects.equals(status, observed.getStatus());
            if (written || !finalizers.remove(rule, Annotations.ALERT_FINALIZER)) {
                return UpdateControl.<AlertRule>noUpdate().rescheduleAfter(StatusWriter.LOOK_AGAIN);
            }
        }
        return lookAgain(decision.wakeUp(), now);
    }

    /** With the finalizer, if it needs that and may have it still; empty when it was changed meanwhile. */
    private Optional<AlertRule> held(AlertRule rule, AlertDecision decision) {
        return decision.finalizer() && !marked(rule) && !deleting(rule)
                ? finalizers.added(rule, Annotations.ALERT_FINALIZER)
                : Optional.of(rule);
    }

    /** A moment that has passed already must not keep the process busy. */
    private static UpdateControl<AlertRule> lookAgain(Instant then, Instant now) {
        if (then == null) {
            return UpdateControl.noUpdate();
        }
        Duration left = Duration.between(now, then);
        return UpdateControl.<AlertRule>noUpdate().rescheduleAfter(left.isPositive() ? left : StatusWriter.LOOK_AGAIN);
    }
}
