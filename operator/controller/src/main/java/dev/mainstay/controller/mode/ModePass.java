package dev.mainstay.controller.mode;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.controller.kube.ApiErrors;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.ExecutionMarks;
import dev.mainstay.controller.kube.Finalizers;
import dev.mainstay.controller.kube.MaintenancePages;
import dev.mainstay.controller.kube.ServiceSelectors;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.kube.StatusWriter.Answer;
import dev.mainstay.controller.kube.WorkloadScales;
import dev.mainstay.controller.kube.WorkloadWrites;
import dev.mainstay.controller.kube.Written;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.mode.ModeClaims;
import dev.mainstay.core.mode.ModeDecider;
import dev.mainstay.core.mode.ModeDecision;
import dev.mainstay.core.mode.ModeObservation;
import dev.mainstay.core.mode.ModeReport;
import dev.mainstay.core.mode.ModeState;
import dev.mainstay.core.mode.PageSpec;
import dev.mainstay.core.mode.Redirection;
import dev.mainstay.core.mode.Refused;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One look at a MaintenanceMode: observes, decides, acts, reports; each effect is done once, however often it is asked for. */
public final class ModePass {

    private static final Logger LOG = LoggerFactory.getLogger(ModePass.class);

    /** When to try again what the API server has failed at: clients may get the page meanwhile. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final ModeObserver observer;
    private final PageObjects objects;
    private final ExecutionMarks marks;
    private final MaintenancePages pages;
    private final ServiceSelectors selectors;
    private final WorkloadWrites workloads;
    private final ModeClaimDesk claims;
    private final Finalizers finalizers;
    private final StatusWriter statuses;
    private final EventRecorder events;

    /**
     * Creates it.
     *
     * @param pullPolicy pull policy of the page's image
     */
    public ModePass(
            ModeObserver observer,
            String pullPolicy,
            ExecutionMarks marks,
            MaintenancePages pages,
            ServiceSelectors selectors,
            WorkloadScales scales,
            ModeClaimDesk claims,
            Finalizers finalizers,
            StatusWriter statuses,
            EventRecorder events) {
        this.observer = observer;
        this.objects = new PageObjects(pullPolicy);
        this.marks = marks;
        this.pages = pages;
        this.selectors = selectors;
        this.workloads = new WorkloadWrites(scales, events);
        this.claims = claims;
        this.finalizers = finalizers;
        this.statuses = statuses;
        this.events = events;
    }

    /** Makes one; when to look again at the latest. */
    Duration make(MaintenanceMode mode, Instant now) {
        if (ModeState.ended(mode)) {
            return ModeState.marked(mode) && !finalizers.remove(mode, Annotations.MODE_FINALIZER)
                    ? StatusWriter.LOOK_AGAIN
                    : new ModeDecision.LeaveAlone().lookAgain();
        }
        if (released(mode)) {
            return StatusWriter.LOOK_AGAIN;
        }
        try {
            return pass(mode, now);
        } catch (RuntimeException e) {
            return notDone(mode, e, now);
        }
    }

    private Duration pass(MaintenanceMode mode, Instant now) {
        ModeObservation observation = observer.observe(mode, now);
        observation.services().stream()
                .filter(ServiceSelectors::owed)
                .forEach(service -> handOver(mode, service.name()));
        observation.workloads().stream()
                .filter(WorkloadScales::owed)
                .forEach(workload -> workloads.letGo(mode, workload.kind(), workload.name()));
        ModeDecision decision = act(observation, ModeDecider.decide(observation, now), now);
        if (ModeClaims.letsGo(mode, decision) && observation.application() != null && !claims.letGo(mode)) {
            return StatusWriter.LOOK_AGAIN;
        }
        return report(mode, decision, now);
    }

    /** What the API server does not do is told of where it can be: in the status, unless just that may not be written. */
    private Duration notDone(MaintenanceMode mode, RuntimeException e, Instant now) {
        String said = ApiErrors.failure(e).orElseThrow(() -> e);
        LOG.atWarn()
                .addKeyValue("kind", mode.getKind())
                .addKeyValue("namespace", mode.getMetadata().getNamespace())
                .addKeyValue("name", mode.getMetadata().getName())
                .addKeyValue("problem", said)
                .log("the API server does not do what the operator asks of it; it is tried again");
        ModeDecision decision = ApiErrors.refusal(e).isPresent() ? Refused.right(said) : Refused.failed(said, AGAIN);
        Duration next = report(mode, decision, now);
        return ApiErrors.refusal(e).isPresent() ? next : AGAIN;
    }

    /** A person has said that nothing more is to be waited for. */
    private boolean released(MaintenanceMode mode) {
        boolean forced = Finalizers.isForced(mode);
        if (forced && ModeState.marked(mode)) {
            events.tell(
                    mode,
                    Reason.CANCELLED.text(),
                    "It goes by its annotation " + Annotations.FORCE_RELEASE
                            + ", without giving its workloads back and without leading its Services back. Do that by hand: "
                            + (mode.getStatus() == null ? "" : mode.getStatus().undoCommand()));
            finalizers.remove(mode, Annotations.MODE_FINALIZER);
        }
        return forced;
    }

    private ModeDecision act(ModeObservation observation, ModeDecision decision, Instant now) {
        MaintenanceMode mode = observation.mode();
        String namespace = mode.getMetadata().getNamespace();
        return switch (decision) {
            case ModeDecision.Mark mark -> {
                finalizers.add(mode, Annotations.MODE_FINALIZER);
                yield mark;
            }
            case ModeDecision.ApplyPage apply -> apply(mode, apply);
            case ModeDecision.Redirect redirect ->
                unchanged(mode, () -> write(mode, redirect.changes(), Reason.IN_MAINTENANCE), redirect);
            case ModeDecision.TakeClaim ignored ->
                claims.ask(mode, now)
                        .map(answer -> ModeClaims.answered(mode, answer, now))
                        .orElseGet(ModeDecision.LookAgain::new);
            case ModeDecision.SaveWorkloads save -> held(observation, now, Optional::empty, save);
            case ModeDecision.StopWorkloads stop ->
                held(
                        observation,
                        now,
                        () -> workloads
                                .stop(mode, stop.changes(), Reason.IN_MAINTENANCE)
                                .map(ModePass::refused),
                        stop);
            case ModeDecision.GiveBack back ->
                held(
                        observation,
                        now,
                        () -> workloads.giveBack(mode, back.changes(), Reason.LEAVING_MAINTENANCE).stream()
                                .findFirst()
                                .map(ModePass::refused),
                        back);
            case ModeDecision.LeadBack back ->
                write(mode, back.changes(), Reason.LEAVING_MAINTENANCE).orElse(back);
            case ModeDecision.RemovePage remove -> {
                pages.remove(namespace, remove.page());
                yield remove;
            }
            default -> decision;
        };
    }

    private ModeDecision apply(MaintenanceMode mode, ModeDecision.ApplyPage apply) {
        PageSpec page = apply.page();
        String namespace = mode.getMetadata().getNamespace();
        return pages.apply(objects.deployment(namespace, page), ignored -> objects.dependents(namespace, page))
                .map(refusal -> Refused.page(page, refusal.forbidden(), refusal.message()))
                .orElse(apply);
    }

    /** Others are kept from the workloads still; without the application nobody else works on it. */
    private ModeDecision held(
            ModeObservation observation, Instant now, Supplier<Optional<ModeDecision>> change, ModeDecision decision) {
        MaintenanceMode mode = observation.mode();
        if (observation.application() != null) {
            Optional<ClaimAnswer> answer = claims.ask(mode, now);
            if (answer.filter(given -> ModeClaims.still(mode, given)).isEmpty()) {
                return answer.map(given -> ModeClaims.answered(mode, given, now))
                        .orElseGet(ModeDecision.LookAgain::new);
            }
        }
        return unchanged(mode, change, decision);
    }

    /**
     * A pass that saw an older state must not lead Services to a page that another pass has removed, nor stop what another has given
     * back.
     */
    private ModeDecision unchanged(
            MaintenanceMode mode, Supplier<Optional<ModeDecision>> change, ModeDecision decision) {
        return marks.unchanged(mode) ? change.get().orElse(decision) : new ModeDecision.LookAgain();
    }

    /** What follows when one of them is not taken; empty when all were. */
    private Optional<ModeDecision> write(MaintenanceMode mode, List<Redirection> changes, Reason reason) {
        String namespace = mode.getMetadata().getNamespace();
        for (Redirection change : changes) {
            Optional<ModeDecision> refused = refused(change, selectors.attempt(namespace, change));
            if (refused.isPresent()) {
                return refused;
            }
        }
        for (Redirection change : changes) {
            Optional<ModeDecision> refused = refused(change, selectors.write(namespace, change));
            if (refused.isPresent()) {
                return refused;
            }
            events.tell(
                    selectors.reference(namespace, change.seen()),
                    reason.text(),
                    "MaintenanceMode " + mode.getMetadata().getName() + " leads it to Pods with "
                            + ServiceState.text(change.selector()) + ".");
            handOver(mode, change.seen().name());
        }
        return Optional.empty();
    }

    private static ModeDecision refused(WorkloadWrites.Refusal refusal) {
        return refusal.why() instanceof Written.Rejected rejected
                ? Refused.workload(refusal.change(), rejected.forbidden(), rejected.message())
                : new ModeDecision.LookAgain();
    }

    private static Optional<ModeDecision> refused(Redirection change, Written written) {
        return switch (written) {
            case Written.There ignored -> Optional.empty();
            case Written.Changed ignored -> Optional.of(new ModeDecision.LookAgain());
            case Written.Rejected rejected ->
                Optional.of(Refused.selector(change, rejected.forbidden(), rejected.message()));
        };
    }

    /** The selector belongs to whoever applies the Service; that this is refused holds nothing up. */
    private void handOver(MaintenanceMode mode, String service) {
        selectors
                .handOver(mode.getMetadata().getNamespace(), service)
                .ifPresent(refusal -> events.tell(
                        mode,
                        Reason.FORBIDDEN.text(),
                        "The selector of Service " + service
                                + " stays with the field manager mainstay-mode, since the API server does not let it be given"
                                + " away: " + refusal
                                + " Who applies the Service next has to do that with force once."));
    }

    private Duration report(MaintenanceMode mode, ModeDecision decision, Instant now) {
        if (mode.unreadableStatus().isPresent()) {
            if (decision instanceof ModeDecision.End) {
                finalizers.remove(mode, Annotations.MODE_FINALIZER);
            }
            return decision.lookAgain();
        }
        MaintenanceModeStatus status = ModeReport.of(mode, decision, now);
        if (Objects.equals(status, mode.getStatus())) {
            return decision.lookAgain();
        }
        if (statuses.write(mode, status) != Answer.WRITTEN) {
            return StatusWriter.LOOK_AGAIN;
        }
        LOG.atInfo()
                .addKeyValue("kind", mode.getKind())
                .addKeyValue("namespace", mode.getMetadata().getNamespace())
                .addKeyValue("name", mode.getMetadata().getName())
                .addKeyValue("decision", decision.getClass().getSimpleName())
                .addKeyValue("phase", status.phase())
                .log("status written");
        events.transition(
                mode, mode.getStatus() == null ? List.of() : mode.getStatus().conditions(), status.conditions());
        return decision.lookAgain();
    }
}
