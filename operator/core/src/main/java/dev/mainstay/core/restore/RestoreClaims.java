package dev.mainstay.core.restore;

import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.claims.WaitingFor;
import dev.mainstay.api.restore.RestoreMode;
import dev.mainstay.api.restore.RestorePhase;
import dev.mainstay.api.restore.RestorePlan;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.restore.RestoreStepState;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.claims.ClaimRequest;
import dev.mainstay.core.claims.ExecutedRequests.ExecutedRequest;
import dev.mainstay.core.claims.Grant;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.claims.Operation;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.task.TaskJson;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * What a restore claims of its application: the database together with others while its copy is restored; the database and the
 * workloads for itself from before the page to its end.
 */
public final class RestoreClaims {

    /** Kind of the holder. */
    public static final String KIND = "RestoreRequest";

    /** The steps that need everything. */
    private static final List<RestoreStepName> ALONE = List.of(
            RestoreStepName.ENTER_MAINTENANCE,
            RestoreStepName.STOP_WORKLOADS,
            RestoreStepName.SWAP,
            RestoreStepName.RESTORE_INTO_EMPTY,
            RestoreStepName.START_WORKLOADS,
            RestoreStepName.CHECK_HEALTH,
            RestoreStepName.LEAVE_MAINTENANCE);

    private RestoreClaims() {}

    /** The request as a holder. */
    public static Holder holder(RestoreRequest request) {
        return new Holder(
                KIND, request.getMetadata().getName(), request.getMetadata().getUid());
    }

    /** What it asks for before it begins. */
    static ClaimRequest begin(RestoreRequest request, String database) {
        return ClaimRequest.of(operation(request, false), holder(request), database);
    }

    /** What it asks for before it stops anything. */
    static ClaimRequest alone(RestoreRequest request, String database) {
        return ClaimRequest.of(operation(request, true), holder(request), database);
    }

    /** Whether a step needs more than the restore of a copy does. */
    static boolean needsAll(RestoreStepName step) {
        return ALONE.contains(step);
    }

    /** Whether it was granted everything: it asks before the first of those steps begins. */
    static boolean hasAll(RestoreRequest request) {
        return ALONE.stream().anyMatch(step -> begun(request, step));
    }

    /** How it is recognised when it is made again. */
    public static ExecutedRequest executed(RestoreRequest request) {
        return new ExecutedRequest(
                KIND,
                request.getMetadata().getName(),
                request.getMetadata().getUid(),
                Names.digest(TaskJson.write(request.getSpec())));
    }

    /** Whether it may begin. */
    static boolean granted(RestoreRequest request) {
        return status(request).claim() != null && status(request).claim().grantedAt() != null;
    }

    /** Whether it claims nothing any more. */
    public static boolean ended(RestoreRequest request) {
        return status(request).phase() == RestorePhase.FINISHED;
    }

    /** What it has of an application, by its own word; empty when it has ended, or has nothing. */
    public static Optional<Grant> held(RestoreRequest request, String application) {
        if (!granted(request)
                || ended(request)
                || !application.equals(status(request).claim().application())) {
            return Optional.empty();
        }
        HeldClaim claim = status(request).claim();
        Operation operation = operation(request, hasAll(request) && !isGivenBack(request));
        return Optional.of(new Grant(
                holder(request), operation.claims(claim.database()), operation.emergency(), claim.grantedAt(), null));
    }

    /** Whether nothing but its copy is left of it: then others may have the database and the workloads. */
    private static boolean isGivenBack(RestoreRequest request) {
        return status(request).phase() == RestorePhase.GIVING_BACK
                && !begun(request, IntoEmpty.placing(status(request).plan()))
                && status(request).workloads().stream().allMatch(StoppedWorkload::settled);
    }

    /** Whether a step was begun, whatever came of it. */
    static boolean begun(RestoreRequest request, RestoreStepName name) {
        return status(request)
                .step(name)
                .filter(step -> step.state() == RestoreStepState.RUNNING
                        || step.state() == RestoreStepState.DONE
                        || step.state() == RestoreStepState.FAILED)
                .isPresent();
    }

    /** The application that it names, or named when its spec could be read; null when it never said. */
    public static String application(RestoreRequest request) {
        if (request.getSpec() != null) {
            return request.getSpec().applicationRef().name();
        }
        return status(request).claim() == null ? null : status(request).claim().application();
    }

    /** Those of an application that change something and have not ended, by name. */
    public static List<String> underWay(List<RestoreRequest> requests, String application) {
        return requests.stream()
                .filter(request -> application.equals(application(request)))
                .filter(request ->
                        request.getSpec() == null || !request.getSpec().dryRun())
                .filter(request -> !ended(request))
                .map(request -> request.getMetadata().getName())
                .sorted()
                .toList();
    }

    private static Operation operation(RestoreRequest request, boolean all) {
        RestorePlan plan = status(request).plan();
        boolean beside = request.getSpec() == null
                ? plan != null && plan.previous() == null && !IntoEmpty.is(plan)
                : request.getSpec().mode() == RestoreMode.NEW_DATABASE;
        if (beside) {
            return Operation.RESTORE_NEW_DATABASE;
        }
        boolean intoEmpty = request.getSpec() == null
                ? IntoEmpty.is(plan)
                : request.getSpec().mode() == RestoreMode.INTO_EMPTY;
        if (intoEmpty && !all) {
            return Operation.RESTORE_INTO_EMPTY;
        }
        return all ? Operation.RESTORE_SWAP : Operation.RESTORE_ASIDE;
    }

    /** What follows from the answer to what it asked for. */
    public static RestoreDecision answered(
            RestoreRequest request, RestoreDecision.TakeClaim asked, ClaimAnswer answer, Instant now) {
        return switch (answer) {
            case ClaimAnswer.Granted granted -> begin(request, asked, granted.since());
            case ClaimAnswer.Inherited ignored -> begin(request, asked, now);
            case ClaimAnswer.Wait wait -> waiting(request, asked, wait);
            case ClaimAnswer.Exceeds exceeds -> waiting(request, asked, new ClaimAnswer.Wait(exceeds.parent(), now));
        };
    }

    private static RestoreDecision begin(RestoreRequest request, RestoreDecision.TakeClaim asked, Instant since) {
        return new RestoreDecision.Granted(claim(request, asked, since, null), asked.before());
    }

    private static RestoreDecision waiting(
            RestoreRequest request, RestoreDecision.TakeClaim asked, ClaimAnswer.Wait wait) {
        Instant had = granted(request) ? status(request).claim().grantedAt() : null;
        return new RestoreDecision.AwaitClaim(
                claim(
                        request,
                        asked,
                        had,
                        new WaitingFor(
                                wait.holder().kind(),
                                wait.holder().name(),
                                wait.since().truncatedTo(ChronoUnit.SECONDS))),
                wait.told(
                                "database " + asked.database() + " or the workloads of ManagedApplication "
                                        + request.getSpec().applicationRef().name(),
                                request.getMetadata().getNamespace())
                        + ". This restore waits for its turn.");
    }

    private static HeldClaim claim(
            RestoreRequest request, RestoreDecision.TakeClaim asked, Instant since, WaitingFor waitingFor) {
        return new HeldClaim(
                request.getSpec().applicationRef().name(),
                asked.database(),
                since == null ? null : since.truncatedTo(ChronoUnit.SECONDS),
                waitingFor);
    }

    /** Its status; the one of an object that nothing is known of, when it has none. */
    public static RestoreRequestStatus status(RestoreRequest request) {
        return request.getStatus() == null ? RestoreRequestStatus.NONE : request.getStatus();
    }
}
