package dev.mainstay.controller.runbook;

import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.api.runbook.RunbookStatus;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.runbook.RunbookDecider;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Observes, decides and reports on Runbooks, of which nothing is done: their runs do it. */
public final class RunbookReconciler implements Reconciler<Runbook> {

    private final StatusWriter statuses;
    private final EventRecorder events;
    private final Wakeups wakeups;
    private final Clock clock;

    public RunbookReconciler(StatusWriter statuses, EventRecorder events, Wakeups wakeups, Clock clock) {
        this.statuses = statuses;
        this.events = events;
        this.wakeups = wakeups;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, Runbook>> prepareEventSources(EventSourceContext<Runbook> context) {
        return List.of(wakeups.runs().runbooks(context.getPrimaryCache()));
    }

    @Override
    public UpdateControl<Runbook> reconcile(Runbook runbook, Context<Runbook> context) {
        wakeups.runs().runbookSeen(runbook);
        if (context.isPrimaryResourceDeleted()
                || runbook.getMetadata().getDeletionTimestamp() != null
                || runbook.unreadableStatus().isPresent()) {
            return UpdateControl.noUpdate();
        }
        if (!wakeups.filled()) {
            return UpdateControl.<Runbook>noUpdate().rescheduleAfter(Wakeups.FILLING);
        }
        RunbookStatus status = RunbookDecider.status(
                runbook,
                wakeups.policiesOf(runbook.getMetadata().getNamespace()).stream()
                        .map(policy -> policy.getMetadata().getName())
                        .collect(Collectors.toSet()),
                clock.instant());
        if (Objects.equals(status, runbook.getStatus())) {
            return UpdateControl.noUpdate();
        }
        if (statuses.write(runbook, status) != StatusWriter.Answer.WRITTEN) {
            return UpdateControl.<Runbook>noUpdate().rescheduleAfter(StatusWriter.LOOK_AGAIN);
        }
        events.transition(
                runbook,
                Optional.ofNullable(runbook.getStatus())
                        .map(RunbookStatus::conditions)
                        .orElse(List.of()),
                status.conditions());
        return UpdateControl.noUpdate();
    }
}
