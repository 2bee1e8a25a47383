package dev.mainstay.core.mode;

import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.claims.WaitingFor;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.claims.ClaimRequest;
import dev.mainstay.core.claims.Grant;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.claims.Operation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What a maintenance mode claims of its application: the workloads, for itself, while it stops them and while it gives them back. */
public final class ModeClaims {

    /** Kind of the holder. */
    public static final String KIND = "MaintenanceMode";

    private ModeClaims() {}

    /** The mode as a holder. */
    public static Holder holder(MaintenanceMode mode) {
        return new Holder(KIND, mode.getMetadata().getName(), mode.getMetadata().getUid());
    }

    /** What it asks for. */
    public static ClaimRequest request(MaintenanceMode mode) {
        return ClaimRequest.of(Operation.MODE_CHANGE, holder(mode), null);
    }

    /** Whether it may change workloads now. */
    static boolean granted(MaintenanceMode mode) {
        return ModeState.status(mode).claim() != null
                && ModeState.status(mode).claim().grantedAt() != null;
    }

    /** What it has of an application, by its own word; empty when it has nothing. */
    public static Optional<Grant> held(MaintenanceMode mode, String application) {
        if (!granted(mode)
                || ModeState.ended(mode)
                || !application.equals(ModeState.status(mode).claim().application())) {
            return Optional.empty();
        }
        return Optional.of(new Grant(
                holder(mode),
                Operation.MODE_CHANGE.claims(null),
                Operation.MODE_CHANGE.emergency(),
                ModeState.status(mode).claim().grantedAt(),
                null));
    }

    /** Whether it has, or waits for, what it needs no more once this was decided. */
    public static boolean letsGo(MaintenanceMode mode, ModeDecision decision) {
        return ModeState.status(mode).claim() != null && !keeps(decision);
    }

    /** Whether it goes on needing what it has, or waits for. */
    static boolean keeps(ModeDecision decision) {
        return switch (decision) {
            case ModeDecision.LeaveAlone ignored -> true;
            case ModeDecision.LookAgain ignored -> true;
            case ModeDecision.Mark ignored -> true;
            case ModeDecision.TakeClaim ignored -> true;
            case ModeDecision.AwaitClaim ignored -> true;
            case ModeDecision.Claimed ignored -> true;
            case ModeDecision.SaveWorkloads ignored -> true;
            case ModeDecision.StopWorkloads ignored -> true;
            case ModeDecision.GiveBack ignored -> true;
            default -> false;
        };
    }

    /**
     * Whether it has what it had when it was looked at: it is asked again before each write, since letting go of it and telling so
     * are two things.
     */
    public static boolean still(MaintenanceMode mode, ClaimAnswer answer) {
        return answer instanceof ClaimAnswer.Granted granted
                && granted(mode)
                && granted.since()
                        .truncatedTo(ChronoUnit.SECONDS)
                        .equals(ModeState.status(mode).claim().grantedAt());
    }

    /** What follows from the answer to what it asked for. */
    public static ModeDecision answered(MaintenanceMode mode, ClaimAnswer answer, Instant now) {
        String application = mode.getSpec().applicationRef().name();
        return switch (answer) {
            case ClaimAnswer.Granted granted -> claimed(application, granted.since());
            case ClaimAnswer.Inherited ignored -> claimed(application, now);
            case ClaimAnswer.Wait wait -> waiting(mode, wait);
            case ClaimAnswer.Exceeds exceeds -> waiting(mode, new ClaimAnswer.Wait(exceeds.parent(), now));
        };
    }

    private static ModeDecision claimed(String application, Instant since) {
        return new ModeDecision.Claimed(new HeldClaim(application, null, since.truncatedTo(ChronoUnit.SECONDS), null));
    }

    private static ModeDecision waiting(MaintenanceMode mode, ClaimAnswer.Wait wait) {
        String application = mode.getSpec().applicationRef().name();
        return new ModeDecision.AwaitClaim(
                new HeldClaim(
                        application,
                        null,
                        null,
                        new WaitingFor(
                                wait.holder().kind(),
                                wait.holder().name(),
                                wait.since().truncatedTo(ChronoUnit.SECONDS))),
                wait.told(
                                "the workloads of ManagedApplication " + application,
                                mode.getMetadata().getNamespace())
                        + ". This mode waits for its turn.");
    }
}
