package dev.mainstay.controller.restore;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.controller.backup.BackupJobs;
import dev.mainstay.controller.backup.JobCaches;
import dev.mainstay.controller.backup.JobPlaces;
import dev.mainstay.controller.kube.ApiErrors;
import dev.mainstay.controller.kube.ClaimStore;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.ExecutionMarks;
import dev.mainstay.controller.kube.Finalizers;
import dev.mainstay.controller.kube.JobClient;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.kube.StatusWriter.Answer;
import dev.mainstay.controller.kube.WorkloadScales;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.restore.RestoreClaims;
import dev.mainstay.core.restore.RestoreDecider;
import dev.mainstay.core.restore.RestoreDecision;
import dev.mainstay.core.restore.RestoreObservation;
import dev.mainstay.core.restore.RestoreRefusal;
import dev.mainstay.core.restore.RestoreStatusReport;
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

/** Observes, decides, acts and reports on RestoreRequests. */
public final class RestoreRequestReconciler implements Reconciler<RestoreRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(RestoreRequestReconciler.class);

    /** When to try again what the API server has failed at: an application may be stopped meanwhile. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final RestoreObserver observer;
    private final RestoreEffects effects;
    private final JobCaches caches;
    private final JobPlaces places;
    private final BackupJobs jobs;
    private final JobClient jobClient;
    private final ClaimStore claims;
    private final ExecutionMarks marks;
    private final Finalizers finalizers;
    private final StatusWriter statuses;
    private final EventRecorder events;
    private final Wakeups wakeups;
    private final Clock clock;

    public RestoreRequestReconciler(
            RestoreObserver observer,
            RestoreEffects effects,
            JobCaches caches,
            JobPlaces places,
            BackupJobs jobs,
            JobClient jobClient,
            ClaimStore claims,
            ExecutionMarks marks,
            Finalizers finalizers,
            StatusWriter statuses,
            EventRecorder events,
            Wakeups wakeups,
            Clock clock) {
        this.observer = observer;
        this.effects = effects;
        this.caches = caches;
        this.places = places;
        this.jobs = jobs;
        this.jobClient = jobClient;
        this.claims = claims;
        this.marks = marks;
        this.finalizers = finalizers;
        this.statuses = statuses;
        this.events = events;
        this.wakeups = wakeups;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, RestoreRequest>> prepareEventSources(EventSourceContext<RestoreRequest> context) {
        return List.of(wakeups.restores(context.getPrimaryCache()));
    }

    @Override
    public UpdateControl<RestoreRequest> reconcile(RestoreRequest request, Context<RestoreRequest> context) {
        wakeups.restoreSeen(request, context.isPrimaryResourceDeleted());
        if (context.isPrimaryResourceDeleted()) {
            return UpdateControl.noUpdate();
        }
        if (!wakeups.filled()) {
            return UpdateControl.<RestoreRequest>noUpdate().rescheduleAfter(Wakeups.FILLING);
        }
        boolean holds = request.getMetadata().getFinalizers().contains(Annotations.RESTORE_FINALIZER);
        boolean deleting = request.getMetadata().getDeletionTimestamp() != null;
        if (RestoreClaims.ended(request) || deleting && !holds || forced(request, holds)) {
            if (holds && !finalizers.remove(request, Annotations.RESTORE_FINALIZER)) {
                return UpdateControl.<RestoreRequest>noUpdate().rescheduleAfter(StatusWriter.LOOK_AGAIN);
            }
            return deleting || !RestoreClaims.ended(request) ? UpdateControl.noUpdate() : afterwards(request);
        }
        if (request.unreadableStatus().isPresent()) {
            if (deleting) {
                events.tell(request, Reason.INVALID_SPEC.text(), RestoreRefusal.unreadableStatus(request));
            }
            return UpdateControl.noUpdate();
        }
        Instant now = clock.instant();
        Duration next;
        try {
            RestoreObservation observation = observer.observe(request, now);
            observation.workloads().stream()
                    .filter(WorkloadScales::owed)
                    .forEach(workload -> effects.letGo(request, workload));
            RestoreDecision decision = act(observation, RestoreDecider.decide(observation, now), now);
            next = report(request, decision, now);
        } catch (RuntimeException e) {
            next = notDone(request, e, now);
        }
        return UpdateControl.<RestoreRequest>noUpdate().rescheduleAfter(next);
    }

    /** A restore that is over says of the database that it has kept when that is not there any more. */
    private UpdateControl<RestoreRequest> afterwards(RestoreRequest request) {
        RestoreDecision decision = observer.afterwards(request);
        return decision instanceof RestoreDecision.LeaveAlone
                ? UpdateControl.noUpdate()
                : UpdateControl.<RestoreRequest>noUpdate().rescheduleAfter(report(request, decision, clock.instant()));
    }

    /** A person has said that nothing more is to be waited for. */
    private boolean forced(RestoreRequest request, boolean holds) {
        boolean forced = holds && Finalizers.isForced(request);
        if (forced) {
            events.tell(request, Reason.CANCELLED.text(), RestoreRefusal.leftBehind(request));
        }
        return forced;
    }

    /** What the API server does not do is told of where it can be: in the status, unless just that may not be written. */
    private Duration notDone(RestoreRequest request, RuntimeException e, Instant now) {
        Optional<String> refusal = ApiErrors.refusal(e);
        String said = refusal.or(() -> ApiErrors.failure(e)).orElseThrow(() -> e);
        LOG.atWarn()
                .addKeyValue("kind", request.getKind())
                .addKeyValue("namespace", request.getMetadata().getNamespace())
                .addKeyValue("name", request.getMetadata().getName())
                .addKeyValue("problem", said)
                .log(
                        refusal.isPresent()
                                ? "the operator lacks a right that the chart gives; it is tried again"
                                : "the API server fails at what the operator asks of it; it is tried again");
        RestoreDecision decision =
                refusal.isPresent() ? RestoreRefusal.refused(said) : RestoreRefusal.failed(said, AGAIN);
        Duration next = decision.lookAgain();
        try {
            next = report(request, decision, now);
        } catch (RuntimeException unwritten) {
            ApiErrors.refusal(unwritten).orElseThrow(() -> unwritten);
        }
        return refusal.isPresent() ? next : AGAIN;
    }

    private RestoreDecision act(RestoreObservation observation, RestoreDecision decision, Instant now) {
        RestoreRequest request = observation.request();
        return switch (decision) {
            case RestoreDecision.Mark mark -> {
                marks.mark(request, Annotations.RESTORE_FINALIZER);
                yield mark;
            }
            case RestoreDecision.TakeClaim take -> claim(request, take, now);
            case RestoreDecision.MakeJob make -> make(observation, make, now);
            case RestoreDecision.EndJob end -> {
                caches.jobsOf(request.getMetadata().getUid()).stream()
                        .filter(job -> end.name().equals(job.getMetadata().getName()))
                        .forEach(job -> jobClient.end(job, now));
                yield end;
            }
            case RestoreDecision.MakeBackup backup -> effects.make(observation, backup);
            case RestoreDecision.MakeMode mode -> effects.make(observation, mode, now);
            case RestoreDecision.ChangeWorkloads change -> effects.change(request, change);
            case RestoreDecision.EndMode mode ->
                effects.end(mode)
                        .map(observation::withModeKept)
                        .map(kept -> act(kept, RestoreDecider.decide(kept, now), now))
                        .orElse(mode);
            default -> decision;
        };
    }

    private RestoreDecision claim(RestoreRequest request, RestoreDecision.TakeClaim take, Instant now) {
        String namespace = request.getMetadata().getNamespace();
        String application = request.getSpec().applicationRef().name();
        return claims.askOnce(namespace, application, take.request(), RestoreClaims.executed(request), now)
                .map(answer -> RestoreClaims.answered(request, take, answer, now))
                .orElseGet(RestoreDecision.LookAgain::new);
    }

    /** A pass that saw an older state must not begin a task again that another pass has ended. */
    private RestoreDecision make(RestoreObservation observation, RestoreDecision.MakeJob make, Instant now) {
        RestoreRequest request = observation.request();
        if (!marks.unchanged(request)) {
            return new RestoreDecision.LookAgain();
        }
        places.takeAnyway(request.getMetadata().getNamespace(), make.name());
        return switch (places.fill(
                jobClient, jobs.restore(request, observation.application(), make, RestoreDecider.STARTS_WITHIN))) {
            case JobClient.Made.Exists ignored -> make;
            case JobClient.Made.Foreign ignored -> RestoreRefusal.jobForeign(request, make);
            case JobClient.Made.Invalid invalid -> RestoreRefusal.jobInvalid(observation, invalid.message());
            case JobClient.Made.Refused refused -> RestoreRefusal.jobRefused(make, refused.message());
            case JobClient.Made.NamespaceEnds ignored -> {
                RestoreObservation ends = observation.inEndingNamespace();
                yield act(ends, RestoreDecider.decide(ends, now), now);
            }
        };
    }

    private Duration report(RestoreRequest request, RestoreDecision decision, Instant now) {
        RestoreRequestStatus status = RestoreStatusReport.of(request, decision, now);
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
        events.transition(request, RestoreClaims.status(request).conditions(), status.conditions());
        return decision.lookAgain();
    }
}
