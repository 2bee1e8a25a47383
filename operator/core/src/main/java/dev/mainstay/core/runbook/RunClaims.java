package dev.mainstay.core.runbook;

import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.claims.WaitingFor;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.claims.ClaimRequest;
import dev.mainstay.core.claims.Grant;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.claims.Operation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What a run claims of its application: the workloads, for itself, while a step works on them, and from a step that changes them
 * until they are given back, if they are before the run ends.
 */
public final class RunClaims {

    /** Kind of the holder. */
    public static final String KIND = "MaintenanceRun";

    private RunClaims() {}

    /** The run as a holder. */
    public static Holder holder(MaintenanceRun run) {
        return new Holder(KIND, run.getMetadata().getName(), run.getMetadata().getUid());
    }

    /** What it asks for. */
    public static ClaimRequest request(MaintenanceRun run) {
        return ClaimRequest.of(Operation.STEP_SCALE, holder(run), null);
    }

    /** Whether it may change the workloads now. */
    public static boolean granted(MaintenanceRun run) {
        return RunLines.status(run).claim() != null
                && RunLines.status(run).claim().grantedAt() != null;
    }

    /** What it has of an application, by its own word; empty when it has nothing. */
    public static Optional<Grant> held(MaintenanceRun run, String application) {
        if (!granted(run)
                || RunLines.ended(run)
                || !application.equals(RunLines.status(run).claim().application())) {
            return Optional.empty();
        }
        return Optional.of(new Grant(
                holder(run),
                Operation.STEP_SCALE.claims(null),
                Operation.STEP_SCALE.emergency(),
                RunLines.status(run).claim().grantedAt(),
                null));
    }

    /**
     * Whether it has what it had when it was looked at: it is asked again before each write, since letting go of it and telling so
     * are two things.
     */
    public static boolean still(MaintenanceRun run, ClaimAnswer answer) {
        return answer instanceof ClaimAnswer.Granted granted
                && granted(run)
                && granted.since()
                        .truncatedTo(ChronoUnit.SECONDS)
                        .equals(RunLines.status(run).claim().grantedAt());
    }

    /** What follows from the answer to what it asked for. */
    public static RunDecision answered(MaintenanceRun run, String step, ClaimAnswer answer, Instant now) {
        String application = run.getSpec().applicationRef().name();
        return switch (answer) {
            case ClaimAnswer.Granted granted -> claimed(application, step, granted.since());
            case ClaimAnswer.Inherited ignored -> claimed(application, step, now);
            case ClaimAnswer.Wait wait -> waiting(application, step, wait.holder(), wait.since());
            case ClaimAnswer.Exceeds exceeds -> waiting(application, step, exceeds.parent(), now);
        };
    }

    private static RunDecision claimed(String application, String step, Instant since) {
        return new RunDecision.Claimed(
                step, new HeldClaim(application, null, since.truncatedTo(ChronoUnit.SECONDS), null));
    }

    private static RunDecision waiting(String application, String step, Holder holder, Instant since) {
        return new RunDecision.AwaitClaim(
                step,
                new HeldClaim(
                        application,
                        null,
                        null,
                        new WaitingFor(holder.kind(), holder.name(), since.truncatedTo(ChronoUnit.SECONDS))),
                holder + " works on the workloads of ManagedApplication " + application
                        + ", or waits for them before this one; the run waits for its turn.");
    }
}
