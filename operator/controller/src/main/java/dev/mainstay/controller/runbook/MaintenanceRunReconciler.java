package dev.mainstay.controller.runbook;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.controller.kube.ApiErrors;
import dev.mainstay.controller.kube.ClaimStore;
import dev.mainstay.controller.kube.ConfigMaps;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.ExecutionMarks;
import dev.mainstay.controller.kube.Finalizers;
import dev.mainstay.controller.kube.RunbookStore;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.kube.StatusWriter.Answer;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.runbook.RunChanges;
import dev.mainstay.core.runbook.RunDecider;
import dev.mainstay.core.runbook.RunDecision;
import dev.mainstay.core.runbook.RunLines;
import dev.mainstay.core.runbook.RunObservation;
import dev.mainstay.core.runbook.RunReports;
import dev.mainstay.core.runbook.RunStatusReport;
import dev.mainstay.core.runbook.RunWords;
import dev.mainstay.core.runbook.StepTurn;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Observes, decides, acts and reports on MaintenanceRuns. */
public final class MaintenanceRunReconciler implements Reconciler<MaintenanceRun> {

    private static final Logger LOG = LoggerFactory.getLogger(MaintenanceRunReconciler.class);

    private final RunObserver observer;
    private final StepActors actors;
    private final RunbookStore store;
    private final ExecutionMarks marks;
    private final RunEffects effects;
    private final Finalizers finalizers;
    private final StatusWriter statuses;
    private final EventRecorder events;
    private final Wakeups wakeups;
    private final Clock clock;

    public MaintenanceRunReconciler(
            RunObserver observer,
            StepActors actors,
            RunbookStore store,
            ExecutionMarks marks,
            ClaimStore claims,
            Finalizers finalizers,
            ConfigMaps reports,
            StatusWriter statuses,
            EventRecorder events,
            Wakeups wakeups,
            Clock clock) {
        this.observer = observer;
        this.actors = actors;
        this.store = store;
        this.marks = marks;
        this.effects = new RunEffects(actors, claims, finalizers, marks, reports);
        this.finalizers = finalizers;
        this.statuses = statuses;
        this.events = events;
        this.wakeups = wakeups;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, MaintenanceRun>> prepareEventSources(EventSourceContext<MaintenanceRun> context) {
        return List.of(wakeups.runs().runs(context.getPrimaryCache()));
    }

    @Override
    public UpdateControl<MaintenanceRun> reconcile(MaintenanceRun run, Context<MaintenanceRun> context) {
        wakeups.runs().runSeen(run, context.isPrimaryResourceDeleted());
        if (context.isPrimaryResourceDeleted()) {
            return UpdateControl.noUpdate();
        }
        if (!wakeups.filled()) {
            return UpdateControl.<MaintenanceRun>noUpdate().rescheduleAfter(Wakeups.FILLING);
        }
        boolean forced = Finalizers.isForced(run);
        if (RunLines.ended(run) && !RunReports.isDue(run) || forced) {
            return released(run, forced)
                    ? UpdateControl.noUpdate()
                    : UpdateControl.<MaintenanceRun>noUpdate().rescheduleAfter(StatusWriter.LOOK_AGAIN);
        }
        if (run.unreadableStatus().isPresent()) {
            tellUnreadable(run);
            return UpdateControl.noUpdate();
        }
        Instant now = clock.instant();
        Duration next;
        try {
            RunObservation observation = observer.observe(run);
            next = report(run, act(observation, RunDecider.decide(observation, now), now), now);
        } catch (RuntimeException e) {
            next = refused(run, e, now);
        }
        return UpdateControl.<MaintenanceRun>noUpdate().rescheduleAfter(next);
    }

    /** It never acts again, or a person has said that nothing more is to be waited for. */
    private boolean released(MaintenanceRun run, boolean forced) {
        if (!RunChanges.marked(run)) {
            return true;
        }
        if (forced) {
            events.tell(run, Reason.CANCELLED.text(), RunWords.leftBehind(run));
        }
        return finalizers.remove(run, Annotations.RUN_FINALIZER);
    }

    private void tellUnreadable(MaintenanceRun run) {
        if (run.getMetadata().getDeletionTimestamp() != null) {
            events.tell(run, Reason.INVALID_SPEC.text(), RunWords.unreadableStatus(run));
        }
    }

    private RunDecision act(RunObservation observation, RunDecision decision, Instant now) {
        MaintenanceRun run = observation.run();
        return switch (decision) {
            case RunDecision.Freeze freeze ->
                store.keep(run, freeze.spec())
                        .map(kept -> RunDecider.begun(run, kept))
                        .orElseGet(RunDecision.LookAgain::new);
            case RunDecision.Retry retry -> left(retry, retry.left());
            case RunDecision.Finish finish -> left(finish, finish.left());
            case RunDecision.Stop stop -> left(stop, stop.left());
            default -> effects.act(observation, decision, now);
        };
    }

    private RunDecision left(RunDecision decision, StepTurn turn) {
        if (turn != null) {
            actors.of(turn).leave(turn);
        }
        return decision;
    }

    /** What keeps the operator from doing it is told of in the status, and it is tried again. */
    private Duration refused(MaintenanceRun run, RuntimeException e, Instant now) {
        if (e instanceof StepRefused step) {
            return report(run, new RunDecision.Wait(step.reason(), step.getMessage(), true), now);
        }
        String said = ApiErrors.refusal(e).orElseThrow(() -> e);
        return report(
                run,
                new RunDecision.Wait(
                        Reason.FORBIDDEN,
                        said
                                + ". Let the operator do that: install the chart's roles, or mend the policy that refuses.",
                        true),
                now);
    }

    private Duration report(MaintenanceRun run, RunDecision decision, Instant now) {
        MaintenanceRunStatus status = RunStatusReport.of(run, decision, now);
        if (Objects.equals(status, run.getStatus())) {
            return decision.lookAgain();
        }
        if (statuses.write(run, status) != Answer.WRITTEN) {
            return StatusWriter.LOOK_AGAIN;
        }
        LOG.atInfo()
                .addKeyValue("kind", run.getKind())
                .addKeyValue("namespace", run.getMetadata().getNamespace())
                .addKeyValue("name", run.getMetadata().getName())
                .addKeyValue("decision", decision.getClass().getSimpleName())
                .addKeyValue("phase", status.phase())
                .log("status written");
        events.transition(
                run,
                Optional.ofNullable(run.getStatus())
                        .map(MaintenanceRunStatus::conditions)
                        .orElse(List.of()),
                status.conditions());
        return decision.lookAgain();
    }
}
