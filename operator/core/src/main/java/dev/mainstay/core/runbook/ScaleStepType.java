package dev.mainstay.core.runbook;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.mainstay.api.runbook.ChangedKind;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.api.runbook.SavedChange;
import dev.mainstay.api.runbook.ScaleStep;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.claims.Claim;
import dev.mainstay.core.claims.Operation;
import dev.mainstay.core.rollback.AutoscalerState;
import dev.mainstay.core.rollback.RollbackPlan.PlannedAutoscaler;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.workload.ScaleChange;
import dev.mainstay.core.workload.WorkloadSeen;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The replicas of a workload, or the minimum of the autoscaler that scales it. */
public record ScaleStepType() implements ReversibleStepType {

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public boolean is(RunbookStep step) {
        return step.scale() != null;
    }

    @Override
    public String does() {
        return "scales `workload` `by` so many Pods, up to `ceiling`, or `to` so many; with `restore: true` gives it back what"
                + " it had before the run's earlier scale steps, and is Skipped when there is nothing to give back";
    }

    @Override
    public String judgedBy() {
        return "the workload: Passed as soon as so many Pods are ready; Failed when they are not in time, when something else"
                + " sets the number, or when it can't be scaled";
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(Duration.ofMinutes(15));
    }

    @Override
    public List<Claim> claims(StepTurn turn) {
        return Operation.STEP_SCALE.claims(null);
    }

    @Override
    public boolean claimsWorkloads() {
        return true;
    }

    @Override
    public String plan(StepTurn turn) {
        ScaleStep scale = turn.step().scale();
        if (scale.restores()) {
            return "Gives " + scale.workload() + " back what it had before the run's earlier steps.";
        }
        return "Scales " + scale.workload()
                + (scale.to() == null
                        ? " by " + scale.by() + ", to " + scale.ceiling() + " at most"
                        : " to " + scale.to())
                + ", and waits until the Pods are ready.";
    }

    /** One that gives back is Skipped, not Failed, when the steps before it could change nothing. */
    @Override
    public Optional<StepResult> foreseen(StepTurn turn, StepSeen seen) {
        if (turn.step().scale().restores() || !(seen instanceof StepSeen.OfScale found)) {
            return Optional.empty();
        }
        StepProgress progress = new ScalePlan(turn, found).decide();
        return progress instanceof StepProgress.Save(SavedChange change)
                ? Optional.of(StepResult.passed(change.text()
                        + (change.kind() == ChangedKind.HORIZONTAL_POD_AUTOSCALER
                                ? " sets its replicas: spec.minReplicas there would go from "
                                : " would go from ")
                        + change.before() + " to " + change.after() + "."))
                : progress.bad();
    }

    @Override
    public boolean ends(RunbookStep step, RunbookStep earlier) {
        return step.scale() != null
                && step.scale().restores()
                && earlier.scale() != null
                && !earlier.scale().restores()
                && step.scale().workload().equals(earlier.scale().workload());
    }

    @Override
    public boolean restores(RunbookStep step) {
        return step.scale().restores();
    }

    @Override
    public StepProgress judge(StepTurn turn, StepSeen seen) {
        if (!(seen instanceof StepSeen.OfScale found)) {
            return new StepProgress.Wait("The workload is about to be looked at.");
        }
        SavedChange saved = RunLines.of(turn).map(RunStep::saved).orElse(null);
        if (saved == null) {
            return new ScalePlan(turn, found).decide();
        }
        Optional<Integer> now = value(saved, found);
        if (now.isEmpty()) {
            return failed(
                    Reason.WORKLOAD_NOT_FOUND,
                    saved.text() + ", which the step scales, does not exist any more, or was made anew.");
        }
        if (now.get().equals(saved.before())) {
            return new StepProgress.Change();
        }
        return isAsWritten(saved, now.get(), found)
                ? ready(found.workload(), saved)
                : failed(
                        Reason.REVERTED,
                        saved.text() + " was set to " + now.get() + " by " + writer(saved, found)
                                + " meanwhile; the step wants " + saved.after()
                                + ". Find out who that is, and make another run.");
    }

    private static StepProgress ready(WorkloadSeen workload, SavedChange saved) {
        if (workload == null || !workload.exists()) {
            return failed(Reason.WORKLOAD_NOT_FOUND, "The workload does not exist any more.");
        }
        boolean fewer = saved.after() < saved.before() && saved.kind() != ChangedKind.HORIZONTAL_POD_AUTOSCALER;
        boolean good = workload.hasReady(saved.after()) && (!fewer || workload.hasAtMost(saved.after()));
        return good
                ? new StepProgress.Ended(StepResult.passed(told(workload, saved.after()) + " " + saved.text()
                        + " was set from " + saved.before() + " to " + saved.after() + "."))
                : new StepProgress.Wait(told(workload, saved.after()));
    }

    static String told(WorkloadSeen workload, int wanted) {
        return workload.ready() + (workload.ready() == 1 ? " Pod of " : " Pods of ") + workload.text() + " of " + wanted
                + (workload.ready() == 1 ? " is ready." : " are ready.");
    }

    static StepProgress failed(Reason reason, String message) {
        return new StepProgress.Ended(StepResult.failed(reason, message));
    }

    /** The number that is there now; empty when the object is gone, or is another one under its name. */
    private static Optional<Integer> value(SavedChange saved, StepSeen.OfScale found) {
        if (saved.kind() == ChangedKind.HORIZONTAL_POD_AUTOSCALER) {
            return autoscaler(saved, found).map(AutoscalerState::minReplicas);
        }
        return Optional.ofNullable(found.workload())
                .filter(WorkloadSeen::exists)
                .filter(workload -> workload.uid().equals(saved.uid()))
                .map(WorkloadSeen::replicas);
    }

    private static Optional<AutoscalerState> autoscaler(SavedChange saved, StepSeen.OfScale found) {
        return found.autoscalers().stream()
                .filter(autoscaler -> autoscaler.name().equals(saved.name())
                        && autoscaler.uid().equals(saved.uid()))
                .findFirst();
    }

    /** An autoscaler takes over a workload as soon as it has a replica, and sets another number. */
    private static boolean isAsWritten(SavedChange saved, int now, StepSeen.OfScale found) {
        boolean takenOver = saved.kind() != ChangedKind.HORIZONTAL_POD_AUTOSCALER
                && saved.before() == 0
                && now > 0
                && ScalePlan.autoscaler(found).isPresent();
        return now == saved.after() || takenOver;
    }

    private static String writer(SavedChange saved, StepSeen.OfScale found) {
        return saved.kind() == ChangedKind.HORIZONTAL_POD_AUTOSCALER
                ? autoscaler(saved, found).map(AutoscalerState::writer).orElse("somebody")
                : found.workload().writer();
    }

    @Override
    public Back back(Owed owed, StepSeen seen) {
        SavedChange saved = owed.saved();
        if (!(seen instanceof StepSeen.OfScale found)) {
            return new Back.Wait(new StepResult(
                    StepOutcome.SKIPPED, Reason.IN_PROGRESS, saved.text() + " is about to be looked at."));
        }
        if (found.workload() != null && found.workload().refusal() != null) {
            return new Back.Wait(StepResult.failed(
                    found.workload().passes() ? Reason.REJECTED : Reason.FORBIDDEN,
                    saved.text() + " can't be read: " + found.workload().refusal()));
        }
        if (saved.kind() == ChangedKind.UNRECOGNIZED) {
            return new Back.Wait(StepResult.failed(
                    Reason.INVALID_SPEC,
                    saved.name() + " is of a kind that this version of Mainstay does not know. Upgrade Mainstay."));
        }
        Optional<Integer> now = value(saved, found);
        if (now.isEmpty()) {
            return new Back.Done(saved.text() + " does not exist any more, or was made anew, and is left as it is.");
        }
        if (now.get().equals(saved.before())) {
            return new Back.Done(saved.text() + " has " + saved.before() + " again.");
        }
        return isAsWritten(saved, now.get(), found)
                ? new Back.Write()
                : new Back.Done(saved.text() + " is left as it is: it has " + now.get() + ", written by "
                        + writer(saved, found) + " meanwhile, and had " + saved.before() + " before.");
    }

    @Override
    public String command(SavedChange saved, String namespace) {
        return saved.kind() == ChangedKind.HORIZONTAL_POD_AUTOSCALER
                ? "kubectl patch horizontalpodautoscaler " + saved.name() + " --patch '{\"spec\":{\"minReplicas\":"
                        + saved.before() + "}}' --namespace " + namespace
                : "kubectl scale " + (saved.kind() == ChangedKind.STATEFUL_SET ? "statefulset " : "deployment ")
                        + saved.name() + " --replicas " + saved.before() + " --namespace " + namespace;
    }

    /**
     * The change of a workload.
     *
     * @param back whether it gets back what it had
     */
    public static ScaleChange change(SavedChange saved, WorkloadSeen seen, boolean back) {
        return new ScaleChange(seen, IntNode.valueOf(back ? saved.before() : saved.after()));
    }

    /** The change of an autoscaler's minimum, likewise. */
    public static PlannedAutoscaler change(SavedChange saved, boolean back) {
        return new PlannedAutoscaler(
                saved.name(),
                saved.uid(),
                back ? saved.after() : saved.before(),
                back ? saved.before() : saved.after());
    }
}
