package dev.mainstay.controller.rollback;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.controller.kube.Autoscalers;
import dev.mainstay.controller.kube.ClaimStore;
import dev.mainstay.controller.kube.Deployments;
import dev.mainstay.controller.kube.Deployments.Written;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.ExecutionMarks;
import dev.mainstay.controller.kube.Finalizers;
import dev.mainstay.controller.kube.ReleaseStore;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.kube.StatusWriter.Answer;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.rollback.RollbackClaims;
import dev.mainstay.core.rollback.RollbackDecider;
import dev.mainstay.core.rollback.RollbackDecider.Rejection;
import dev.mainstay.core.rollback.RollbackDecision;
import dev.mainstay.core.rollback.RollbackDecision.Change;
import dev.mainstay.core.rollback.RollbackDecision.End;
import dev.mainstay.core.rollback.RollbackObservation;
import dev.mainstay.core.rollback.RollbackPlan;
import dev.mainstay.core.rollback.RollbackReport;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Observes, decides, acts and reports on RollbackRequests. */
public final class RollbackRequestReconciler implements Reconciler<RollbackRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(RollbackRequestReconciler.class);

    private final RollbackObserver observer;
    private final Deployments deployments;
    private final Autoscalers autoscalers;
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
            Deployments deployments,
            Autoscalers autoscalers,
            ReleaseStore releases,
            ClaimStore claims,
            ExecutionMarks marks,
            Finalizers finalizers,
            StatusWriter statuses,
            EventRecorder events,
            Wakeups wakeups,
            Clock clock) {
        this.observer = observer;
        this.deployments = deployments;
        this.autoscalers = autoscalers;
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
        if (context.isPrimaryResourceDeleted() || request.unreadableStatus().isPresent()) {
            return UpdateControl.noUpdate();
        }
        if (!wakeups.filled()) {
            return UpdateControl.<RollbackRequest>noUpdate().rescheduleAfter(Wakeups.FILLING);
        }
        boolean holds = request.getMetadata().getFinalizers().contains(Annotations.ROLLBACK_FINALIZER);
        if (request.getMetadata().getDeletionTimestamp() != null || RollbackClaims.ended(request)) {
            return holds && !release(request)
                    ? UpdateControl.<RollbackRequest>noUpdate().rescheduleAfter(StatusWriter.LOOK_AGAIN)
                    : UpdateControl.noUpdate();
        }
        Instant now = clock.instant();
        RollbackObservation observation = observer.observe(request, now);
        RollbackDecision decision = act(observation, RollbackDecider.decide(observation, now), now);
        Duration next = report(request, RollbackReport.of(request, decision, now), decision);
        return UpdateControl.<RollbackRequest>noUpdate().rescheduleAfter(next);
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
            case RollbackDecision.Write write -> write(observation, write);
            case End end -> {
                giveBack(request, end.plan());
                yield end;
            }
            default -> decision;
        };
    }

    private RollbackDecision write(RollbackObservation observation, RollbackDecision.Write write) {
        RollbackRequest request = observation.request();
        String namespace = request.getMetadata().getNamespace();
        boolean anyWritten = false;
        if (!write.back()) {
            write.plan().autoscalers().forEach(autoscaler -> autoscalers.hold(namespace, autoscaler));
        }
        for (Change change : write.changes()) {
            Written written = deployments.write(
                    namespace,
                    change.deployment(),
                    change.to(),
                    request.getMetadata().getName());
            switch (written) {
                case Written.There ignored -> {
                    anyWritten = true;
                    tell(request, change, write.back());
                    deployments.handOver(
                            namespace,
                            change.deployment().name(),
                            change.deployment().uid());
                }
                case Written.Changed ignored -> {
                    return new RollbackDecision.LookAgain();
                }
                case Written.Rejected rejected -> {
                    RollbackDecision end = RollbackDecider.rejected(
                            write,
                            new Rejection(change.deployment().name(), rejected.forbidden(), rejected.message()),
                            anyWritten);
                    giveBack(request, write.plan());
                    return end;
                }
            }
        }
        if (!write.back() && write.plan().left() != null) {
            releases.markBad(
                    namespace, write.plan().left(), request.getMetadata().getName());
        }
        return write;
    }

    private void tell(RollbackRequest request, Change change, boolean back) {
        events.tell(
                deployments.reference(request.getMetadata().getNamespace(), change.deployment()),
                (back ? Reason.RESTORING_PREVIOUS : Reason.ROLLING_BACK).text(),
                "RollbackRequest " + request.getMetadata().getName() + " writes the template of "
                        + change.to().version() + " in the place of that of "
                        + change.deployment().template().version() + ".");
    }

    /** What it wrote belongs to whoever applies these Deployments. */
    private void giveBack(RollbackRequest request, RollbackPlan plan) {
        if (plan != null) {
            plan.autoscalers()
                    .forEach(autoscaler ->
                            autoscalers.giveBack(request.getMetadata().getNamespace(), autoscaler));
            plan.workloads()
                    .forEach(workload -> deployments.handOver(
                            request.getMetadata().getNamespace(), workload.name(), workload.uid()));
        }
    }

    /** Whether its finalizer is gone. */
    private boolean release(RollbackRequest request) {
        releases.plan(request).ifPresent(plan -> giveBack(request, plan));
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
