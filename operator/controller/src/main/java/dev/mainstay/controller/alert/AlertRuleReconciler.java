package dev.mainstay.controller.alert;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.Finalizers;
import dev.mainstay.controller.kube.StatusWriter;
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
    private final AlertWriter writer;
    private final EventRecorder events;
    private final Wakeups wakeups;
    private final Clock clock;
    private final BiFunction<AlertObservation, Instant, AlertDecision> decider;
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
        this.events = events;
        this.wakeups = wakeups;
        this.clock = clock;
        this.decider = decider;
        this.writer = new AlertWriter(finalizers, statuses, events, outbox, told);
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
        if (writer.isOutdated(rule)) {
            return UpdateControl.<AlertRule>noUpdate().rescheduleAfter(StatusWriter.LOOK_AGAIN);
        }
        Instant now = clock.instant();
        return report(rule, decider.apply(observer.observe(writer.known(rule), now), now), now);
    }

    private void forget(AlertRule rule) {
        evaluations.forget(rule);
        forgotten.accept(rule);
        writer.forget(rule);
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

    /**
     * What is handed over is in the status before, where that can be written: a process that ends in between finds there what
     * it has to send.
     */
    private UpdateControl<AlertRule> report(AlertRule observed, AlertDecision decision, Instant now) {
        if (deleting(observed) && !decision.finalizer()) {
            outbox.hand(observed.getMetadata().getUid(), decision.messages(), decision.open());
            return letGo(observed);
        }
        AlertRuleStatus status = decision.status();
        Optional<AlertRule> written = writer.write(observed, decision);
        if (written.isEmpty()) {
            return UpdateControl.<AlertRule>noUpdate().rescheduleAfter(StatusWriter.LOOK_AGAIN);
        }
        AlertRule rule = written.get();
        outbox.hand(observed.getMetadata().getUid(), decision.messages(), decision.open());
        if (!decision.finalizer() && marked(rule)) {
            // A status that was written now made the object a newer one, of which the next pass takes it away.
            boolean changed = !Objects.equals(status, observed.getStatus());
            if (changed || !finalizers.remove(rule, Annotations.ALERT_FINALIZER)) {
                return UpdateControl.<AlertRule>noUpdate().rescheduleAfter(StatusWriter.LOOK_AGAIN);
            }
        }
        return lookAgain(decision.wakeUp(), now);
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
