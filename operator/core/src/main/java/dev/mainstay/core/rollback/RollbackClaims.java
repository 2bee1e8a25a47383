package dev.mainstay.core.rollback;

import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.claims.WaitingFor;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.claims.ClaimRequest;
import dev.mainstay.core.claims.ExecutedRequests.ExecutedRequest;
import dev.mainstay.core.claims.Grant;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.claims.Operation;
import dev.mainstay.core.claims.ReplayGuard;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.task.TaskJson;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What a rollback claims of its application, from before its plan to its end: the workloads, for itself. */
public final class RollbackClaims {

    /** Kind of the holder. */
    public static final String KIND = "RollbackRequest";

    private RollbackClaims() {}

    /** The request as a holder. */
    public static Holder holder(RollbackRequest request) {
        return new Holder(
                KIND, request.getMetadata().getName(), request.getMetadata().getUid());
    }

    /** What it asks for. */
    static ClaimRequest request(RollbackRequest request) {
        return ClaimRequest.of(Operation.ROLLBACK, holder(request), null);
    }

    /** How it is recognised when it is made again. */
    public static ExecutedRequest executed(RollbackRequest request) {
        return new ExecutedRequest(
                KIND,
                request.getMetadata().getName(),
                request.getMetadata().getUid(),
                Names.digest(TaskJson.write(request.getSpec())));
    }

    /** The request as one that is to act once. */
    static ReplayGuard.Candidate candidate(RollbackRequest request) {
        return new ReplayGuard.Candidate(
                request.getMetadata(),
                executed(request),
                request.getSpec().notAfter(),
                request.getStatus() != null && request.getStatus().claim() != null,
                "roll back");
    }

    /** Whether it may begin. */
    public static boolean granted(RollbackRequest request) {
        return request.getStatus() != null
                && request.getStatus().claim() != null
                && request.getStatus().claim().grantedAt() != null;
    }

    /** Whether it has its outcome and claims nothing any more. */
    public static boolean ended(RollbackRequest request) {
        RollbackPhase phase =
                request.getStatus() == null ? null : request.getStatus().phase();
        return phase == RollbackPhase.HOLDING || phase == RollbackPhase.FINISHED;
    }

    /** What it has of an application, by its own word; empty when it has ended, or has nothing. */
    public static Optional<Grant> held(RollbackRequest request, String application) {
        if (!granted(request)
                || ended(request)
                || !application.equals(request.getStatus().claim().application())) {
            return Optional.empty();
        }
        return Optional.of(new Grant(
                holder(request),
                Operation.ROLLBACK.claims(null),
                Operation.ROLLBACK.emergency(),
                request.getStatus().claim().grantedAt(),
                null));
    }

    /** What follows from the answer to what it asked for. */
    public static RollbackDecision answered(RollbackRequest request, ClaimAnswer answer, Instant now) {
        String application = request.getSpec().applicationRef().name();
        return switch (answer) {
            case ClaimAnswer.Granted granted -> begin(application, granted.since());
            case ClaimAnswer.Inherited ignored -> begin(application, now);
            case ClaimAnswer.Wait wait -> waiting(request, wait);
            case ClaimAnswer.Exceeds exceeds -> waiting(request, new ClaimAnswer.Wait(exceeds.parent(), now));
        };
    }

    private static RollbackDecision begin(String application, Instant since) {
        return new RollbackDecision.Begin(
                new HeldClaim(application, null, since.truncatedTo(ChronoUnit.SECONDS), null));
    }

    private static RollbackDecision waiting(RollbackRequest request, ClaimAnswer.Wait wait) {
        String application = request.getSpec().applicationRef().name();
        return new RollbackDecision.AwaitClaim(
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
                                request.getMetadata().getNamespace())
                        + ". This rollback waits for its turn.");
    }
}
