package dev.mainstay.controller.rollback;

import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.controller.kube.Autoscalers;
import dev.mainstay.controller.kube.Deployments;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.ExecutionMarks;
import dev.mainstay.controller.kube.MaintenanceModes;
import dev.mainstay.controller.kube.ReleaseStore;
import dev.mainstay.controller.kube.Written;
import dev.mainstay.core.rollback.DeploymentState;
import dev.mainstay.core.rollback.FieldHandOver;
import dev.mainstay.core.rollback.FluxHold;
import dev.mainstay.core.rollback.RollbackDecider;
import dev.mainstay.core.rollback.RollbackDecider.Rejection;
import dev.mainstay.core.rollback.RollbackDecision;
import dev.mainstay.core.rollback.RollbackDecision.Change;
import dev.mainstay.core.rollback.RollbackMaintenance;
import dev.mainstay.core.rollback.RollbackObservation;
import dev.mainstay.core.rollback.RollbackPlan;
import dev.mainstay.core.rollback.RollbackPlan.PlannedAutoscaler;
import dev.mainstay.core.rollback.RollbackPlan.PlannedWorkload;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a rollback changes, and how it gives it back: each is done once, however often it is asked for. */
public final class RollbackEffects {

    private final Deployments deployments;
    private final Autoscalers autoscalers;
    private final ReleaseStore releases;
    private final MaintenanceModes modes;
    private final ExecutionMarks marks;
    private final EventRecorder events;

    public RollbackEffects(
            Deployments deployments,
            Autoscalers autoscalers,
            ReleaseStore releases,
            MaintenanceModes modes,
            ExecutionMarks marks,
            EventRecorder events) {
        this.deployments = deployments;
        this.autoscalers = autoscalers;
        this.releases = releases;
        this.modes = modes;
        this.marks = marks;
        this.events = events;
    }

    /** Writes the templates, in order; what follows when one is not taken. */
    RollbackDecision write(RollbackObservation observation, RollbackDecision.Write write) {
        RollbackRequest request = observation.request();
        if (!marks.unchanged(request)) {
            return new RollbackDecision.LookAgain();
        }
        String namespace = request.getMetadata().getNamespace();
        boolean anyWritten = false;
        if (!write.back()) {
            write.plan().autoscalers().forEach(autoscaler -> hold(request, autoscaler));
        }
        for (Change change : write.changes()) {
            Written written = deployments.write(namespace, change.deployment(), change.to(), change.annotations());
            switch (written) {
                case Written.There ignored -> {
                    anyWritten = true;
                    tell(request, write, change);
                    giveBack(
                            request,
                            change.deployment().name(),
                            change.deployment().uid());
                }
                case Written.Changed ignored -> {
                    return new RollbackDecision.LookAgain();
                }
                case Written.Rejected rejected -> {
                    return RollbackDecider.rejected(
                            write,
                            new Rejection(change.deployment().name(), rejected.forbidden(), rejected.message()),
                            anyWritten);
                }
            }
        }
        if (!write.back() && write.plan().left() != null) {
            releases.markBad(
                    namespace, write.plan().left(), request.getMetadata().getName());
        }
        return write;
    }

    private void tell(RollbackRequest request, RollbackDecision.Write write, Change change) {
        write.plan()
                .workload(change.deployment().name())
                .ifPresent(workload -> events.tell(
                        deployments.reference(request.getMetadata().getNamespace(), change.deployment()),
                        (write.back() ? Reason.RESTORING_PREVIOUS : Reason.ROLLING_BACK).text(),
                        "RollbackRequest " + request.getMetadata().getName() + " writes the template of "
                                + (write.back() ? workload.fromName() : workload.toName()) + " in the place of that of "
                                + (write.back() ? workload.toName() : workload.fromName()) + "."));
    }

    /** Makes the maintenance mode; what follows when it is not taken. */
    RollbackDecision enter(RollbackRequest request, RollbackDecision.EnterMaintenance enter) {
        if (enter.mode() == null) {
            return enter;
        }
        if (!marks.unchanged(request)) {
            return new RollbackDecision.LookAgain();
        }
        Optional<String> refusal = modes.offer(enter.mode());
        return refusal.isPresent() ? RollbackMaintenance.refused(request, enter, refusal.get()) : enter;
    }

    /** Gives everything back at the end, but for the Deployments that Flux is still to leave alone. */
    RollbackDecision end(RollbackRequest request, RollbackDecision.End end, Instant now) {
        if (end.plan() == null) {
            giveBack(request);
            return end;
        }
        giveBack(request, end.plan());
        String namespace = request.getMetadata().getNamespace();
        List<DeploymentState> there = end.plan().workloads().stream()
                .filter(PlannedWorkload::hold)
                .flatMap(workload -> deployments.read(namespace, workload.name()).stream())
                .toList();
        List<DeploymentState> lasting = FluxHold.lasting(request, end.plan(), there, now);
        there.stream()
                .filter(deployment -> !lasting.contains(deployment))
                .forEach(deployment -> endHold(request, deployment.name()));
        return end.holding(lasting.stream().map(DeploymentState::name).toList());
    }

    /** Lets Flux apply again what it was kept from. */
    void endHolds(RollbackRequest request) {
        Stream.ofNullable(request.getStatus())
                .flatMap(status -> status.workloads().stream())
                .forEach(line -> endHold(request, line.name()));
    }

    private void endHold(RollbackRequest request, String deployment) {
        deployments
                .endHold(request.getMetadata().getNamespace(), deployment, request)
                .ifPresent(refusal -> events.tell(
                        request,
                        Reason.FORBIDDEN.text(),
                        "Flux still leaves Deployment " + deployment
                                + " alone, since the API server does not let that be"
                                + " ended: " + refusal + " End it by hand: kubectl annotate deployment " + deployment
                                + " --namespace " + request.getMetadata().getNamespace()
                                + " kustomize.toolkit.fluxcd.io/reconcile-"));
    }

    /** What it wrote belongs to whoever applies these Deployments; that this is refused holds nothing up. */
    private void giveBack(RollbackRequest request, RollbackPlan plan) {
        plan.autoscalers().forEach(autoscaler -> giveBack(request, autoscaler));
        plan.workloads().forEach(workload -> giveBack(request, workload.name(), workload.uid()));
    }

    private void giveBack(RollbackRequest request, String deployment, String uid) {
        deployments
                .handOver(request.getMetadata().getNamespace(), deployment, uid)
                .ifPresent(refusal -> events.tell(
                        request,
                        Reason.FORBIDDEN.text(),
                        "What this rollback wrote into Deployment " + deployment + " stays with the field manager "
                                + FieldHandOver.MANAGER + ", since the API server does not let it be given away: "
                                + refusal + " Who applies the Deployment next has to do that with force once."));
    }

    /** All of it, the holds of Flux too. With the request its plan may have been deleted, before what was written is given away. */
    public void giveBack(RollbackRequest request) {
        endHolds(request);
        releases.plan(request)
                .ifPresentOrElse(
                        plan -> giveBack(request, plan),
                        () -> Stream.ofNullable(request.getStatus()).forEach(status -> {
                            status.autoscalers()
                                    .forEach(line -> giveBack(
                                            request,
                                            new PlannedAutoscaler(
                                                    line.name(), line.uid(), line.minReplicas(), line.held())));
                            status.workloads().forEach(line -> giveBack(request, line.name(), line.uid()));
                        }));
    }

    /** An autoscaler that can't be held is no reason to leave a bad release in place. */
    private void hold(RollbackRequest request, PlannedAutoscaler autoscaler) {
        autoscalers
                .hold(request.getMetadata().getNamespace(), autoscaler)
                .ifPresent(refusal -> events.tell(
                        request,
                        Reason.FORBIDDEN.text(),
                        "HorizontalPodAutoscaler " + autoscaler.name()
                                + " may scale down while this rollback is verified,"
                                + " since the API server does not let its spec.minReplicas be raised: " + refusal));
    }

    private void giveBack(RollbackRequest request, PlannedAutoscaler autoscaler) {
        autoscalers
                .giveBack(request.getMetadata().getNamespace(), autoscaler)
                .ifPresent(refusal -> events.tell(
                        request,
                        Reason.FORBIDDEN.text(),
                        "HorizontalPodAutoscaler " + autoscaler.name() + " keeps spec.minReplicas "
                                + autoscaler.held() + ", since the API server does not let it be set back to "
                                + autoscaler.minReplicas() + ": " + refusal + " Set it by hand."));
    }
}
