package dev.mainstay.controller.rollback;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.controller.kube.ApiErrors;
import dev.mainstay.controller.kube.ClaimStore;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.ExecutionMarks;
import dev.mainstay.controller.kube.Finalizers;
import dev.mainstay.controller.kube.ReleaseStore;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.kube.StatusWriter.Answer;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.rollback.RollbackClaims;
import dev.mainstay.core.rollback.RollbackDecider;
import dev.mainstay.core.rollback.RollbackDecision;
import dev.mainstay.core.rollback.RollbackDecision.End;
import dev.mainstay.core.rollback.RollbackObservation;
import dev.mainstay.core.rollback.RollbackReport;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Observes, decides, acts and reports on RollbackRequests. */
public final class RollbackRequestReconciler implements Reconciler<RollbackRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(RollbackRequestReconciler.class);

    private static final Duration REFUSED = Duration.ofSeconds(5);

    private final RollbackObserver observer;
    private final RollbackEffects effects;
    private final ReleaseStore releases;
    private final ClaimStore claims;
    private final ExecutionMarks marks;
    private final Finalizers finalizers;
    private final StatusWriter statuses;
    private final EventRecorder events;
    private final Wakeups wakeups;
    private final Clock clock;

    public RollbackRequestReconciler(
            RollbackObserver observer,
            RollbackEffects effects,
            ReleaseStore releases,
            ClaimStore claims,
            ExecutionMarks marks,
            Finalizers finalizers,
            StatusWriter statuses,
            EventRecorder events,
            Wakeups wakeups,
            Clock clock) {
        this.observer = observer;
        this.effects = effects;
        this.releases = releases;
        this.claims = claims;
        this.marks = marks;
        this.finalizers = finalizers;
        this.statuses = statuses;
        this.events = events;
        this.wakeups = wakeups;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, RollbackRequest>> prepareEventSources(EventSourceContext<RollbackRequest> context) {
        return List.of(wakeups.rollbacks(context.getPrimaryCache()));
    }

    @Override
    public UpdateControl<RollbackRequest> reconcile(RollbackRequest request, Context<RollbackRequest> context) {
        wakeups.rollbackSeen(request, context.isPrimaryResourceDeleted());
        boolean deleting = request.getMetadata().getDeletionTimestamp() != null;
        if (context.isPrimaryResourceDeleted() || request.unreadableStatus().isPresent() && !deleting) {
            return UpdateControl.noUpdate();
        }
        if (!wakeups.filled()) {
            return UpdateControl.<RollbackRequest>noUpdate().rescheduleAfter(Wakeups.FILLING);
        }
        boolean holds = request.getMetadata().getFinalizers().contains(Annotations.ROLLBACK_FINALIZER);
        if (deleting || finished(request)) {
            return holds && !release(request, deleting)
                    ? UpdateControl.<RollbackRequest>noUpdate().rescheduleAfter(StatusWriter.LOOK_AGAIN)
                    : UpdateControl.noUpdate();
        }
        Instant now = clock.instant();
        Duration next;
        try {
            RollbackObservation observation = observer.observe(request, now);
            RollbackDecision decision = act(observation, RollbackDecider.decide(observation, now), now);
            next = report(request, RollbackReport.of(request, decision, now), decision);
        } catch (RuntimeException e) {
            next = refused(request, ApiErrors.refusal(e).orElseThrow(() -> e), now);
        }
        return UpdateControl.<RollbackRequest>noUpdate().rescheduleAfter(next);
    }

    /** A right that is missing is told of where it can be: in the status, unless just that may not be written. */
    private Duration refused(RollbackRequest request, String refusal, Instant now) {
        LOG.atWarn()
                .addKeyValue("kind", request.getKind())
                .addKeyValue("namespace", request.getMetadata().getNamespace())
                .addKeyValue("name", request.getMetadata().getName())
                .addKeyValue("problem", refusal)
                .log("the operator lacks a right that the chart gives; it is tried again");
        if (!RollbackClaims.ended(request)) {
            RollbackDecision decision = RollbackDecider.refused(refusal);
            try {
                report(request, RollbackReport.of(request, decision, now), decision);
            } catch (RuntimeException e) {
                ApiErrors.refusal(e).orElseThrow(() -> e);
            }
        }
        return REFUSED;
    }

    private static boolean finished(RollbackRequest request) {
        return request.getStatus() != null && request.getStatus().phase() == RollbackPhase.FINISHED;
    }

    private RollbackDecision act(RollbackObservation observation, RollbackDecision decision, Instant now) {
        RollbackRequest request = observation.request();
        return switch (decision) {
            case RollbackDecision.Mark mark -> {
                marks.mark(request, Annotations.ROLLBACK_FINALIZER);
                yield mark;
            }
            case RollbackDecision.TakeClaim take ->
                claims.askOnce(
                                request.getMetadata().getNamespace(),
                                request.getSpec().applicationRef().name(),
                                take.request(),
                                RollbackClaims.executed(request),
                                now)
                        .map(answer -> RollbackClaims.answered(request, answer, now))
                        .orElseGet(RollbackDecision.LookAgain::new);
            case RollbackDecision.Store store -> new RollbackDecision.Store(releases.keep(request, store.plan()));
            case RollbackDecision.Write write -> {
                RollbackDecision after = effects.write(observation, write);
                yield after instanceof End end ? effects.end(request, end, now) : after;
            }
            case RollbackDecision.EnterMaintenance enter -> {
                RollbackDecision after = effects.enter(request, enter);
                yield after instanceof End end ? effects.end(request, end, now) : after;
            }
            case End end -> effects.end(request, end, now);
            case RollbackDecision.EndHold hold -> {
                effects.endHolds(request);
                yield hold;
            }
            default -> decision;
        };
    }

    /** Whether its finalizer is gone. One that is finished gave everything back before that was told. */
    private boolean release(RollbackRequest request, boolean deleting) {
        if (deleting) {
            effects.giveBack(request);
        }
        return finalizers.remove(request, Annotations.ROLLBACK_FINALIZER);
    }

    private Duration report(RollbackRequest request, RollbackRequestStatus status, RollbackDecision decision) {
        if (Objects.equals(status, request.getStatus())) {
            return decision.lookAgain();
        }
        if (statuses.write(request, status) != Answer.WRITTEN) {
            return StatusWriter.LOOK_AGAIN;
        }
        LOG.atInfo()
                .addKeyValue("kind", request.getKind())
                .addKeyValue("namespace", request.getMetadata().getNamespace())
                .addKeyValue("name", request.getMetadata().getName())
                .addKeyValue("decision", decision.getClass().getSimpleName())
                .addKeyValue("phase", status.phase())
                .log("status written");
        events.transition(
                request,
                request.getStatus() == null ? List.of() : request.getStatus().conditions(),
                status.conditions());
        return decision.lookAgain();
    }
}
