package dev.mainstay.core.rollback;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.api.rollback.RolledBackWorkload;
import dev.mainstay.core.Durations;
import dev.mainstay.core.claims.ReplayGuard;
import dev.mainstay.core.rollback.RollbackDecision.Change;
import dev.mainstay.core.rollback.RollbackDecision.End;
import dev.mainstay.core.rollback.RollbackPlan.PlannedWorkload;
import dev.mainstay.core.status.Pause;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is to be done about a RollbackRequest: a pure function of what is known and the time. */
public final class RollbackDecider {

    private final RollbackObservation observation;
    private final RollbackRequest request;
    private final RollbackRequestStatus before;
    private final Instant now;

    private RollbackDecider(RollbackObservation observation, Instant now) {
        this.observation = observation;
        this.request = observation.request();
        this.before = request.getStatus() == null ? RollbackRequestStatus.NONE : request.getStatus();
        this.now = now;
    }

    /** Decides. */
    public static RollbackDecision decide(RollbackObservation observation, Instant now) {
        return new RollbackDecider(observation, now).decide();
    }

    /** Whether a plan is to be made in this pass, so that what it is made of has to be read. */
    public static boolean plans(RollbackRequest request) {
        return request.unreadableSpec().isEmpty()
                && !RollbackClaims.ended(request)
                && (request.getSpec().dryRun() || RollbackClaims.granted(request))
                && (request.getStatus() == null || request.getStatus().plan() == null);
    }

    private RollbackDecision decide() {
        if (phase() == RollbackPhase.FINISHED || observation.otherRelease() != null) {
            return new RollbackDecision.LeaveAlone();
        }
        if (phase() == RollbackPhase.HOLDING) {
            return FluxHold.decide(request, observation.deployments(), now);
        }
        if (request.unreadableSpec().isPresent()) {
            return new RollbackDecision.Wait(
                    Reason.INVALID_SPEC,
                    "spec can't be read by this version of Mainstay: "
                            + request.unreadableSpec().get() + ". Correct it, or upgrade Mainstay.",
                    true);
        }
        return phase() == RollbackPhase.PENDING ? pending() : underWay();
    }

    private RollbackPhase phase() {
        return before.phase() == null ? RollbackPhase.PENDING : before.phase();
    }

    private RollbackDecision pending() {
        Optional<String> cancelled = cancelled();
        if (cancelled.isPresent()) {
            return new End(
                    RollbackOutcome.CANCELLED,
                    Reason.CANCELLED,
                    "Cancelled" + cancelled.get() + " before anything was changed.");
        }
        Optional<End> replayed = replayed();
        if (replayed.isPresent()) {
            return replayed.get();
        }
        String application = request.getSpec().applicationRef().name();
        if (observation.application() == null) {
            return new RollbackDecision.Wait(
                    Reason.APPLICATION_NOT_FOUND,
                    "spec.applicationRef names ManagedApplication " + application
                            + ", which does not exist in this namespace. Create it, or delete this request and make one with"
                            + " the right name: kubectl get managedapplications --namespace "
                            + request.getMetadata().getNamespace(),
                    true);
        }
        if (observation.application().unreadableSpec().isPresent()) {
            return new RollbackDecision.Wait(
                    Reason.INVALID_SPEC,
                    "spec of ManagedApplication " + application + " can't be read by this version of Mainstay: "
                            + observation.application().unreadableSpec().get() + ". Correct it, or upgrade Mainstay.",
                    true);
        }
        Optional<String> paused = Pause.message(request).or(() -> Pause.message(observation.application()));
        if (paused.isPresent()) {
            return new RollbackDecision.Wait(Reason.PAUSED, paused.get(), false);
        }
        return request.getSpec().dryRun() ? planned() : claimed();
    }

    private Optional<End> replayed() {
        return ReplayGuard.refusal(RollbackClaims.candidate(request), observation.executed(), now)
                .map(refusal -> new End(
                        refusal.duplicate() ? RollbackOutcome.DUPLICATE : RollbackOutcome.REFUSED,
                        refusal.reason(),
                        refusal.message()));
    }

    private RollbackDecision claimed() {
        Optional<End> tooMany = OtherRollbacks.tooMany(request, observation.others(), now);
        if (tooMany.isPresent()) {
            return tooMany.get();
        }
        if (!ReplayGuard.marked(request.getMetadata(), Annotations.ROLLBACK_FINALIZER)) {
            return new RollbackDecision.Mark();
        }
        return RollbackClaims.granted(request)
                ? planned()
                : new RollbackDecision.TakeClaim(RollbackClaims.request(request));
    }

    private RollbackDecision planned() {
        // A plan that was stored and not yet told of stands: what it was made of may look different by now.
        if (observation.plan() != null) {
            return new RollbackDecision.Store(observation.plan());
        }
        Optional<End> done = OtherRollbacks.doneBy(request, observation.others());
        if (done.isPresent()) {
            return done.get();
        }
        return switch (Planning.plan(request, observation.application(), observation.inputs())) {
            case Planning.Result.Ended ended -> new End(ended.outcome(), ended.reason(), ended.message());
            case Planning.Result.Planned planned ->
                request.getSpec().dryRun()
                        ? new RollbackDecision.Tell(planned.plan())
                        : new RollbackDecision.Store(planned.plan());
        };
    }

    private RollbackDecision underWay() {
        RollbackPlan plan = observation.plan();
        if (plan == null) {
            return new End(
                    RollbackOutcome.FAILED,
                    Reason.PLAN_LOST,
                    "ControllerRevision " + before.plan() + ", which holds what ran before and what is to run, is gone:"
                            + " somebody deleted it. What was changed until then stays: " + written()
                            + RollbackMaintenance.whatStays(observation));
        }
        Optional<String> cancelled = cancelled();
        if (cancelled.isPresent()) {
            return new End(
                    RollbackOutcome.CANCELLED,
                    Reason.CANCELLED,
                    "Cancelled" + cancelled.get() + ". What was changed until then stays: " + written()
                            + RollbackMaintenance.whatStays(observation),
                    plan,
                    null);
        }
        if (phase() == RollbackPhase.ENTERING_MAINTENANCE) {
            return RollbackMaintenance.decide(observation, now);
        }
        boolean back = phase() == RollbackPhase.RESTORING;
        Optional<RollbackDecision> interference = back ? Optional.empty() : interference(plan);
        if (interference.isPresent()) {
            return interference.get();
        }
        List<Change> changes = changes(plan, back);
        if (!changes.isEmpty()) {
            return overdue(plan, changes).orElseGet(() -> new RollbackDecision.Write(plan, changes, back));
        }
        return back ? restored(plan) : verified(plan);
    }

    /** Writing that never gets through ends some day; one that is put back is not given up. */
    private Optional<RollbackDecision> overdue(RollbackPlan plan, List<Change> changes) {
        Instant deadline =
                before.startedAt().plus(Durations.parse(request.getSpec().timeout()));
        return phase() == RollbackPhase.RESTORING || now.isBefore(deadline)
                ? Optional.empty()
                : Optional.of(new End(
                        RollbackOutcome.FAILED,
                        Reason.DEADLINE_EXCEEDED,
                        "The target's template of Deployment "
                                + changes.getFirst().deployment().name()
                                + " could not be written before spec.timeout ("
                                + request.getSpec().timeout() + ") was over. Changed until then: " + written(),
                        plan,
                        null));
    }

    /** Who else changed what this rollback works on. */
    private Optional<RollbackDecision> interference(RollbackPlan plan) {
        for (PlannedWorkload workload : plan.workloads()) {
            Optional<DeploymentState> deployment = observation.deployment(workload);
            if (deployment.isEmpty()) {
                return Optional.of(new End(
                        RollbackOutcome.FAILED,
                        Reason.WORKLOAD_NOT_FOUND,
                        "Deployment " + workload.name()
                                + " was deleted, or made again, while it was rolled back. Changed until then: "
                                + written() + " Look whether it is there (kubectl get deployment "
                                + workload.name() + " --namespace "
                                + request.getMetadata().getNamespace()
                                + "), deploy the version that is wanted, and make another request if that one has to go back.",
                        plan,
                        null));
            }
            PodTemplate runs = deployment.get().template();
            boolean known = runs.runsLike(workload.to()) || runs.runsLike(workload.from());
            if (!known) {
                return Optional.of(new End(
                        RollbackOutcome.SUPERSEDED,
                        Reason.CONFLICT,
                        "The pod template of Deployment " + workload.name() + " was changed by "
                                + Managers.ofTemplate(deployment.get())
                                + " meanwhile: it is neither what ran before nor"
                                + " the target, and is left as it is. Changed until then: " + written(),
                        plan,
                        null));
            }
            boolean wasWritten = before.writtenAt(workload.name()).isPresent();
            if (wasWritten && !runs.runsLike(workload.to())) {
                return Optional.of(new End(
                        RollbackOutcome.REVERTED,
                        Reason.REVERTED,
                        "Deployment " + workload.name() + " went back to "
                                + workload.fromName()
                                + ": " + Managers.ofTemplate(deployment.get())
                                + " wrote it again. Change it at its source, such as the repository that it is applied"
                                + " from; Mainstay does not fight over it.",
                        plan,
                        null));
            }
        }
        return Optional.empty();
    }

    /**
     * What is still to be written. One that runs the target already and was not told of is among it: writing it again does
     * nothing, and it is told of then. Going back, only what this rollback wrote is changed.
     */
    private List<Change> changes(RollbackPlan plan, boolean back) {
        List<Change> changes = new ArrayList<>();
        for (PlannedWorkload workload : plan.workloads()) {
            observation
                    .deployment(workload)
                    .filter(deployment -> back
                            ? deployment.template().runsLike(workload.to())
                            : before.writtenAt(workload.name()).isEmpty())
                    .ifPresent(deployment -> {
                        PodTemplate to = back ? workload.from() : workload.to();
                        changes.add(new Change(deployment, to, notes(to, workload.hold() && !back)));
                    });
        }
        return changes;
    }

    private Map<String, String> notes(PodTemplate to, boolean hold) {
        Map<String, String> notes = new TreeMap<>();
        notes.put(Annotations.ROLLED_BACK_BY, request.getMetadata().getName());
        notes.put(Annotations.ROLLED_BACK_TO, to.hash());
        if (hold) {
            notes.putAll(FluxHold.annotations(request));
        }
        return notes;
    }

    /** What follows when the operator was refused something that it needs to know or to note. */
    public static RollbackDecision refused(String refusal) {
        return new RollbackDecision.Wait(
                Reason.FORBIDDEN,
                "The API server refuses what the operator needs for this: " + refusal
                        + ". Give it the rights of its chart back (helm upgrade, docs/security.md); it goes on by itself.",
                true);
    }

    /** What follows when the API server did not take a template. */
    public static RollbackDecision rejected(RollbackDecision.Write write, Rejection rejection, boolean anyWritten) {
        return new End(
                anyWritten || write.back() ? RollbackOutcome.FAILED : RollbackOutcome.BLOCKED,
                rejection.forbidden() ? Reason.FORBIDDEN : Reason.REJECTED,
                "The API server does not take the "
                        + (write.back() ? "former" : "target's") + " template of Deployment " + rejection.deployment()
                        + ": "
                        + rejection.message()
                        + (anyWritten ? " Deployments before it in the list were changed." : " Nothing was changed.")
                        + (rejection.forbidden()
                                ? " Give the operator the rights of its chart back (helm upgrade, docs/security.md), or mend"
                                        + " the policy that refuses this, and make another request."
                                : ""),
                write.plan(),
                null);
    }

    /**
     * Why a template was not taken.
     *
     * @param deployment name of the Deployment
     * @param forbidden whether a right or a policy stands against it
     * @param message what the API server said
     */
    public record Rejection(String deployment, boolean forbidden, String message) {}

    private RollbackDecision verified(RollbackPlan plan) {
        Verification.Finding finding = Verification.judge(observation, now);
        return switch (finding.state()) {
            case RUNNING ->
                new RollbackDecision.Watch(
                        plan, finding.checks(), observation.sampled().values(), finding.next());
            case PASSED -> new End(RollbackOutcome.SUCCEEDED, Reason.SUCCEEDED, success(plan), plan, finding.checks());
            case INCONCLUSIVE ->
                new End(
                        RollbackOutcome.INCONCLUSIVE,
                        Reason.INCONCLUSIVE,
                        plan.story(request) + " is in place, and nothing tells whether it works. " + finding.why(),
                        plan,
                        finding.checks());
            case FAILED -> failed(plan, finding);
        };
    }

    private RollbackDecision failed(RollbackPlan plan, Verification.Finding finding) {
        return switch (request.getSpec().onFailure()) {
            case RESTORE_PREVIOUS -> new RollbackDecision.Restore(plan, finding.checks());
            case MAINTENANCE_MODE -> new RollbackDecision.ShowPage(plan, finding.checks());
            case HOLD, UNRECOGNIZED ->
                new End(
                        RollbackOutcome.VERIFY_FAILED,
                        Reason.VERIFY_FAILED,
                        plan.story(request) + " is in place, and does not work. It is left as it is"
                                + " (spec.onFailure: Hold). " + finding.why(),
                        plan,
                        finding.checks());
        };
    }

    private RollbackDecision restored(RollbackPlan plan) {
        List<String> elsewhere = plan.workloads().stream()
                .filter(workload -> observation
                        .deployment(workload)
                        .filter(deployment -> deployment.template().runsLike(workload.from()))
                        .isEmpty())
                .map(PlannedWorkload::name)
                .toList();
        return new End(
                RollbackOutcome.VERIFY_FAILED,
                Reason.VERIFY_FAILED,
                plan.story(request) + " did not work. What ran before is put back"
                        + (elsewhere.isEmpty()
                                ? "."
                                : ", but for Deployment " + String.join(", ", elsewhere)
                                        + ", which somebody changed or deleted meanwhile.")
                        + " " + Verification.why(before),
                plan,
                null);
    }

    /** What the person who waits at night reads: {@code shop 1.5.0 → 1.4.2 (web 42 → 41), verified in 38s.}. */
    private String success(RollbackPlan plan) {
        String revisions = plan.workloads().stream()
                .map(workload -> workload.name()
                        + (workload.fromRevision() == null || workload.toRevision() == null
                                ? ""
                                : " " + workload.fromRevision() + " → " + workload.toRevision()))
                .collect(Collectors.joining(", "));
        return plan.story(request) + " (" + revisions + "), verified in "
                + Durations.format(Duration.between(before.startedAt(), now)) + ".";
    }

    private String written() {
        List<String> names = before.workloads().stream()
                .filter(workload -> workload.writtenAt() != null)
                .map(RolledBackWorkload::name)
                .toList();
        return names.isEmpty() ? "nothing." : "Deployment " + String.join(", ", names) + ".";
    }

    /** What is told of a cancellation, such as {@code : "wrong application"}; empty when nobody cancels. */
    private Optional<String> cancelled() {
        return Stream.ofNullable(request.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.CANCEL))
                .filter(Objects::nonNull)
                .findFirst()
                .map(why -> why.isBlank() ? "" : " (" + why + ")");
    }
}
