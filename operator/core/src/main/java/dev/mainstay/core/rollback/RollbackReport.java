package dev.mainstay.core.rollback;

import dev.mainstay.api.application.ReleaseSummary;
import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.rollback.CheckVerdict;
import dev.mainstay.api.rollback.HeldAutoscaler;
import dev.mainstay.api.rollback.MetricValue;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.api.rollback.RolledBackWorkload;
import dev.mainstay.api.rollback.VerificationCheck;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.Durations;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.rollback.RollbackPlan.PlannedWorkload;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The whole status that follows from a decision: a pure function, never less than was observed. */
public final class RollbackReport {

    /** Outcomes after which a person has nothing more to do. */
    private static final Set<RollbackOutcome> GOOD = Set.of(RollbackOutcome.SUCCEEDED, RollbackOutcome.NO_OP);

    private static final int SAMPLES = 16;
    private static final int AUTOSCALERS = 16;
    private static final int LONGEST_VERSION = 128;
    private static final int LONGEST_COMMAND = 1024;
    private static final String AND = " && ";
    private static final String MORE = " # status.workloads names more of them";

    private final RollbackRequest request;
    private final RollbackRequestStatus before;
    private final Instant now;
    private List<MetricValue> samples;
    private String maintenanceMode;

    private RollbackReport(RollbackRequest request, Instant now) {
        this.request = request;
        this.before = request.getStatus() == null ? RollbackRequestStatus.NONE : request.getStatus();
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
        this.samples = before.samples();
        this.maintenanceMode = before.maintenanceMode();
    }

    /** The status to be written; equal to the one observed when nothing has changed. */
    public static RollbackRequestStatus of(RollbackRequest request, RollbackDecision decision, Instant now) {
        return new RollbackReport(request, now).status(decision);
    }

    private RollbackRequestStatus status(RollbackDecision decision) {
        return switch (decision) {
            case RollbackDecision.LeaveAlone ignored -> before;
            case RollbackDecision.LookAgain ignored -> before;
            case RollbackDecision.Hold ignored -> before;
            case RollbackDecision.Mark ignored -> before;
            case RollbackDecision.TakeClaim ignored -> before;
            case RollbackDecision.Wait wait ->
                working(
                        phase(),
                        before.claim(),
                        wait.stuck()
                                ? conditions().stalled(wait.reason(), wait.message())
                                : conditions().reconciling(wait.reason(), wait.message()));
            case RollbackDecision.Begin begin ->
                working(
                        phase(),
                        begin.claim(),
                        conditions().reconciling(Reason.IN_PROGRESS, "It is being looked at what is to be done."));
            case RollbackDecision.AwaitClaim await ->
                working(phase(), await.claim(), conditions().reconciling(Reason.CLAIMED, await.message()));
            case RollbackDecision.Store store -> stored(store.plan());
            case RollbackDecision.Tell tell -> told(tell.plan());
            case RollbackDecision.Write write -> wrote(write);
            case RollbackDecision.Watch watch -> watched(watch);
            case RollbackDecision.Restore restore ->
                planned(
                        restore.plan(),
                        RollbackPhase.RESTORING,
                        null,
                        before.workloads(),
                        restore.checks(),
                        conditions()
                                .reconciling(
                                        Reason.RESTORING_PREVIOUS,
                                        "The target does not work, and what ran before is being put back."));
            case RollbackDecision.ShowPage show ->
                entering(
                        show.plan(),
                        show.checks(),
                        "The target does not work, and the maintenance page is to be shown (spec.onFailure: MaintenanceMode).");
            case RollbackDecision.EnterMaintenance enter -> {
                maintenanceMode = enter.name();
                yield entering(
                        enter.plan(),
                        before.checks(),
                        "The page of MaintenanceMode " + enter.name()
                                + " is waited for, since the target does not work.");
            }
            case RollbackDecision.AwaitPage await -> entering(await.plan(), before.checks(), await.message());
            case RollbackDecision.End end -> ended(end);
            case RollbackDecision.EndHold hold -> released(hold);
        };
    }

    private RollbackRequestStatus entering(RollbackPlan plan, List<VerificationCheck> checks, String message) {
        return planned(
                plan,
                RollbackPhase.ENTERING_MAINTENANCE,
                null,
                before.workloads(),
                checks,
                conditions().reconciling(Reason.ENTERING_MAINTENANCE, message));
    }

    private RollbackRequestStatus watched(RollbackDecision.Watch watch) {
        List<MetricValue> all = Stream.concat(before.samples().stream(), watch.samples().stream())
                .distinct()
                .sorted(Comparator.comparing(MetricValue::at))
                .toList();
        samples = all.subList(Math.max(0, all.size() - SAMPLES), all.size());
        return planned(
                watch.plan(),
                RollbackPhase.VERIFYING,
                null,
                before.workloads(),
                watch.checks(),
                conditions().reconciling(Reason.VERIFYING_ROLLBACK, waitsFor(watch.checks())));
    }

    private RollbackRequestStatus stored(RollbackPlan plan) {
        return planned(
                plan,
                RollbackPhase.ROLLING_BACK,
                null,
                WorkloadLines.of(plan),
                before.checks(),
                conditions().reconciling(Reason.ROLLING_BACK, plan.story(request) + ": the target is being written."));
    }

    private RollbackRequestStatus told(RollbackPlan plan) {
        String message = plan.story(request) + " would be done"
                + (plan.release() == null
                        ? ""
                        : "; the target was verified at " + plan.release().verifiedAt() + " ("
                                + plan.release().proof().text() + ")")
                + ". Nothing was changed (spec.dryRun).";
        return planned(
                plan,
                RollbackPhase.FINISHED,
                RollbackOutcome.SUCCEEDED,
                WorkloadLines.of(plan),
                before.checks(),
                conditions()
                        .ready(Reason.WOULD_ROLL_BACK, message)
                        .set("Finished", ConditionStatus.TRUE, Reason.WOULD_ROLL_BACK, message)
                        .set("Succeeded", ConditionStatus.TRUE, Reason.WOULD_ROLL_BACK, message));
    }

    private RollbackRequestStatus wrote(RollbackDecision.Write write) {
        if (write.back()) {
            return before;
        }
        Set<String> names = write.changes().stream()
                .map(change -> change.deployment().name())
                .collect(Collectors.toSet());
        List<RolledBackWorkload> lines = before.workloads().stream()
                .map(line -> names.contains(line.name()) && line.writtenAt() == null
                        ? new RolledBackWorkload(
                                line.name(), line.uid(), line.from(), line.to(), line.diff(), now, line.verified())
                        : line)
                .toList();
        return planned(
                write.plan(),
                RollbackPhase.VERIFYING,
                null,
                lines,
                before.checks(),
                conditions().reconciling(Reason.VERIFYING_ROLLBACK, "The target is written; its Pods are waited for."));
    }

    private RollbackRequestStatus ended(RollbackDecision.End end) {
        boolean good = GOOD.contains(end.outcome());
        String held = end.held().isEmpty() ? null : FluxHold.told(request, end.held());
        Conditions conditions = over(good, end.reason(), end.message(), held)
                .set("Finished", ConditionStatus.TRUE, end.reason(), end.message())
                .set("Succeeded", good ? ConditionStatus.TRUE : ConditionStatus.FALSE, end.reason(), end.message());
        List<RolledBackWorkload> lines = end.outcome() == RollbackOutcome.SUCCEEDED
                ? before.workloads().stream()
                        .map(line -> new RolledBackWorkload(
                                line.name(), line.uid(), line.from(), line.to(), line.diff(), line.writtenAt(), true))
                        .toList()
                : before.workloads();
        return new RollbackRequestStatus(
                request.getMetadata().getGeneration(),
                conditions.list(),
                end.held().isEmpty() ? RollbackPhase.FINISHED : RollbackPhase.HOLDING,
                end.outcome(),
                before.from(),
                before.to(),
                before.release(),
                before.plan(),
                lines,
                before.autoscalers(),
                before.warnings(),
                end.checks() == null ? before.checks() : StatusRoom.checks(end.checks()),
                samples,
                before.claim(),
                before.startedAt(),
                now,
                before.startedAt() == null ? null : Durations.format(Duration.between(before.startedAt(), now)),
                before.undoCommand(),
                maintenanceMode);
    }

    /** What it came to stays, and what became of the hold is told with it. */
    private RollbackRequestStatus released(RollbackDecision.EndHold hold) {
        Condition succeeded = Conditions.find(before.conditions(), "Succeeded").orElseThrow();
        Reason reason = Reason.of(succeeded.reason()).orElseThrow();
        Conditions conditions =
                over(succeeded.status() == ConditionStatus.TRUE, reason, succeeded.message(), hold.why());
        return new RollbackRequestStatus(
                request.getMetadata().getGeneration(),
                conditions.keep("Finished").keep("Succeeded").list(),
                RollbackPhase.FINISHED,
                before.outcome(),
                before.from(),
                before.to(),
                before.release(),
                before.plan(),
                before.workloads(),
                before.autoscalers(),
                before.warnings(),
                before.checks(),
                before.samples(),
                before.claim(),
                before.startedAt(),
                before.completedAt(),
                before.duration(),
                before.undoCommand(),
                maintenanceMode);
    }

    /** The more there is to say of a hold, the less is said of the end, which other conditions tell in full. */
    private Conditions over(boolean good, Reason reason, String end, String hold) {
        String message =
                hold == null ? end : StatusRoom.cut(end, Conditions.MESSAGE_LENGTH - hold.length() - 1) + " " + hold;
        return good ? conditions().ready(reason, message) : conditions().stalled(reason, message);
    }

    private RollbackRequestStatus planned(
            RollbackPlan plan,
            RollbackPhase phase,
            RollbackOutcome outcome,
            List<RolledBackWorkload> lines,
            List<VerificationCheck> checks,
            Conditions conditions) {
        PlannedWorkload first = plan.workloads().getFirst();
        boolean dryRun = request.getSpec().dryRun();
        Instant started = dryRun ? null : before.startedAt() == null ? now : before.startedAt();
        return new RollbackRequestStatus(
                request.getMetadata().getGeneration(),
                conditions.list(),
                phase,
                outcome,
                StatusRoom.cut(first.fromName(), LONGEST_VERSION),
                StatusRoom.cut(first.toName(), LONGEST_VERSION),
                release(plan),
                dryRun
                        ? null
                        : Names.plan(
                                request.getMetadata().getName(),
                                request.getMetadata().getUid()),
                lines,
                autoscalers(plan),
                StatusRoom.warnings(plan.warnings()),
                StatusRoom.checks(checks),
                samples,
                before.claim(),
                started,
                outcome == null ? null : now,
                null,
                dryRun ? null : undoCommand(plan),
                maintenanceMode);
    }

    private RollbackRequestStatus working(RollbackPhase phase, HeldClaim claim, Conditions conditions) {
        return new RollbackRequestStatus(
                request.getMetadata().getGeneration(),
                conditions.list(),
                phase,
                null,
                before.from(),
                before.to(),
                before.release(),
                before.plan(),
                before.workloads(),
                before.autoscalers(),
                before.warnings(),
                before.checks(),
                samples,
                claim,
                before.startedAt(),
                null,
                null,
                before.undoCommand(),
                maintenanceMode);
    }

    /** What ran before is a revision of the Deployment again as soon as its controller has seen the change. */
    private String undoCommand(RollbackPlan plan) {
        StringBuilder commands = new StringBuilder();
        for (PlannedWorkload workload : plan.workloads()) {
            String command = (commands.isEmpty() ? "" : AND) + "kubectl rollout undo deployment/" + workload.name()
                    + " --namespace " + request.getMetadata().getNamespace()
                    + (workload.fromRevision() == null ? "" : " --to-revision=" + workload.fromRevision());
            if (commands.length() + command.length() > LONGEST_COMMAND - MORE.length()) {
                return commands + MORE;
            }
            commands.append(command);
        }
        return commands.toString();
    }

    private static List<HeldAutoscaler> autoscalers(RollbackPlan plan) {
        return plan.autoscalers().stream()
                .limit(AUTOSCALERS)
                .map(autoscaler -> new HeldAutoscaler(
                        autoscaler.name(), autoscaler.uid(), autoscaler.minReplicas(), autoscaler.held()))
                .toList();
    }

    private static ReleaseSummary release(RollbackPlan plan) {
        RecordedRelease release = plan.release();
        return release == null
                ? null
                : new ReleaseSummary(
                        release.hash(), release.version(), release.verifiedAt(), release.proof(), release.markedBad());
    }

    private static String waitsFor(List<VerificationCheck> checks) {
        return checks.stream()
                .filter(check -> check.verdict() != CheckVerdict.PASS)
                .map(check -> check.name() + ": " + check.message())
                .findFirst()
                .orElse("Everything passes; it is looked at for spec.verify.stableFor.");
    }

    private RollbackPhase phase() {
        return before.phase() == null ? RollbackPhase.PENDING : before.phase();
    }

    private Conditions conditions() {
        return new Conditions(before.conditions(), request.getMetadata().getGeneration(), now);
    }
}
