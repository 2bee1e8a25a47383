package dev.mainstay.core.rollback;

import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.rollback.MetricValue;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.VerificationCheck;
import dev.mainstay.core.claims.ClaimRequest;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What is to be done about a RollbackRequest now. */
public sealed interface RollbackDecision {

    /** It has ended, or is not ours: nothing. */
    record LeaveAlone() implements RollbackDecision {}

    /** It waits for something that a person or another operation does. */
    record Wait(Reason reason, String message, boolean stuck) implements RollbackDecision {}

    /** Its uid is to be written on it, and its finalizer, before anything is done. */
    record Mark() implements RollbackDecision {}

    /** It asks for what it claims. */
    record TakeClaim(ClaimRequest request) implements RollbackDecision {}

    /** It was granted that. */
    record Begin(HeldClaim claim) implements RollbackDecision {}

    /** It waits for that. */
    record AwaitClaim(HeldClaim claim, String message) implements RollbackDecision {}

    /** Somebody wrote at the same moment: decide again. */
    record LookAgain() implements RollbackDecision {}

    /** This is to be done; it is stored in full before its first step. */
    record Store(RollbackPlan plan) implements RollbackDecision {}

    /** What would be done, told to one who asked for a dry run. */
    record Tell(RollbackPlan plan) implements RollbackDecision {}

    /**
     * Templates are to be written, in this order.
     *
     * @param plan the stored plan
     * @param changes those that are not written yet
     * @param back whether what ran before is put back
     */
    record Write(RollbackPlan plan, List<Change> changes, boolean back) implements RollbackDecision {}

    /**
     * One template to be written.
     *
     * @param deployment as it was seen
     * @param to what it is to run
     * @param annotations what is noted on it with that
     */
    record Change(DeploymentState deployment, PodTemplate to, Map<String, String> annotations) {}

    /**
     * What runs is looked at.
     *
     * @param next when to look again at the latest
     */
    record Watch(RollbackPlan plan, List<VerificationCheck> checks, List<MetricValue> samples, Duration next)
            implements RollbackDecision {}

    /** It could not be verified, and what ran before is to be put back. */
    record Restore(RollbackPlan plan, List<VerificationCheck> checks) implements RollbackDecision {}

    /** It could not be verified, and the maintenance page is to be shown. */
    record ShowPage(RollbackPlan plan, List<VerificationCheck> checks) implements RollbackDecision {}

    /**
     * A maintenance mode shows the page from now on.
     *
     * @param name its name
     * @param mode what is to be made; null when it is there
     */
    record EnterMaintenance(RollbackPlan plan, String name, MaintenanceMode mode) implements RollbackDecision {}

    /** The page is waited for. */
    record AwaitPage(RollbackPlan plan, String message) implements RollbackDecision {}

    /**
     * It is over.
     *
     * @param plan the plan, if there was one; else null
     * @param checks what was looked at; null when that stays as it is
     * @param held the Deployments that Flux leaves alone beyond the end
     */
    record End(
            RollbackOutcome outcome,
            Reason reason,
            String message,
            RollbackPlan plan,
            List<VerificationCheck> checks,
            List<String> held)
            implements RollbackDecision {

        End(RollbackOutcome outcome, Reason reason, String message) {
            this(outcome, reason, message, null, null);
        }

        End(RollbackOutcome outcome, Reason reason, String message, RollbackPlan plan, List<VerificationCheck> checks) {
            this(outcome, reason, message, plan, checks, List.of());
        }

        /** The same end, after which Flux leaves these Deployments alone. */
        public End holding(List<String> names) {
            return new End(outcome, reason, message, plan, checks, names);
        }
    }

    /** It is over, and Flux leaves Deployments alone for its sake. */
    record Hold(Duration next) implements RollbackDecision {}

    /** Flux may apply again what it was kept from. */
    record EndHold(String why) implements RollbackDecision {}

    /** When to look again at the latest, if nothing wakes it before. */
    default Duration lookAgain() {
        return switch (this) {
            case LeaveAlone ignored -> Duration.ofMinutes(10);
            case Wait ignored -> Duration.ofSeconds(30);
            case AwaitClaim ignored -> Duration.ofSeconds(10);
            case Watch watch -> watch.next();
            case Hold hold -> hold.next();
            case End end -> end.held().isEmpty() ? Duration.ofMinutes(10) : Duration.ofSeconds(1);
            case LookAgain ignored -> Duration.ofMillis(200);
            default -> Duration.ofSeconds(1);
        };
    }
}
