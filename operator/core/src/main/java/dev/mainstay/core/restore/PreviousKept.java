package dev.mainstay.core.restore;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.RestoreReadiness;
import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.restore.PreviousDatabase;
import dev.mainstay.api.restore.RestorePlan;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.restore.RestoreStep;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.restore.RestoreStepState;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.readiness.ReadinessDecider;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of the database that a restore has replaced, once the restore is over: it is kept until a later restore puts it
 * back, or until somebody drops it, which the daily look at the server finds out.
 */
public final class PreviousKept {

    /** The condition that tells it. */
    public static final String CONDITION = "PreviousKept";

    private PreviousKept() {}

    /** That it is kept, and what that costs. */
    static void tell(Conditions conditions, PreviousDatabase previous, RestorePlan plan) {
        if (previous != null) {
            conditions.set(CONDITION, ConditionStatus.TRUE, Reason.KEPT, told(previous, plan));
        }
    }

    private static String told(PreviousDatabase previous, RestorePlan plan) {
        return "Database " + previous.database() + (previous.size() == null ? "" : " (" + previous.size() + ")")
                + " is the one that was in place until " + previous.since() + ". It is kept"
                + (plan.server() == null ? "" : " on server " + plan.server())
                + ", takes up its disk, and is never dropped by itself. status.undoCommand puts it back. When nobody needs it"
                + " any more, a step databaseMaintain with dropPrevious drops it; or run as its owner, connected to another"
                + " database: DROP DATABASE \""
                + previous.database().replace("\"", "\"\"") + "\";";
    }

    /** All else stands as it was told. */
    static Conditions ended(Conditions conditions, List<Condition> before, RestoreDecision.NotKept gone) {
        before.stream()
                .map(Condition::type)
                .filter(type -> !CONDITION.equals(type))
                .forEach(conditions::keep);
        return conditions.set(CONDITION, ConditionStatus.FALSE, gone.reason(), gone.message());
    }

    /** Why a request that has kept a database has none any more; empty when it never had one. */
    static Optional<String> whyNot(RestoreRequest request) {
        return Conditions.find(RestoreClaims.status(request).conditions(), CONDITION)
                .filter(condition -> condition.status() == ConditionStatus.FALSE)
                .map(Condition::message);
    }

    /**
     * What is to be noted of a restore that is over.
     *
     * @param others the other RestoreRequests of its namespace
     * @param application the one that it restored; null when there is none
     */
    public static RestoreDecision afterwards(
            RestoreRequest request, List<RestoreRequest> others, ManagedApplication application) {
        return RestoreClaims.status(request).previous() == null
                ? new RestoreDecision.LeaveAlone()
                : putBack(request, others)
                        .or(() -> gone(request, application))
                        .orElseGet(RestoreDecision.LeaveAlone::new);
    }

    private static Optional<RestoreDecision> putBack(RestoreRequest request, List<RestoreRequest> others) {
        String database = RestoreClaims.status(request).previous().database();
        return others.stream()
                .filter(other -> RestoreClaims.application(request).equals(RestoreClaims.application(other)))
                .filter(other -> RestoreClaims.status(other).plan() != null)
                .filter(other -> RestoreClaims.status(other).plan().location() == null)
                .filter(other ->
                        database.equals(RestoreClaims.status(other).plan().copy()))
                .flatMap(other -> RestoreClaims.status(other)
                        .step(RestoreStepName.SWAP)
                        .filter(step -> step.state() == RestoreStepState.DONE)
                        .map(step -> putBack(database, other, step))
                        .stream())
                .findFirst();
    }

    private static RestoreDecision putBack(String database, RestoreRequest other, RestoreStep swap) {
        PreviousDatabase kept = RestoreClaims.status(other).previous();
        return new RestoreDecision.NotKept(
                Reason.PUT_BACK,
                "Database " + database + " has its former name again since " + swap.finishedAt() + ": RestoreRequest "
                        + other.getMetadata().getName() + " has put it back"
                        + (kept == null
                                ? "."
                                : ", and keeps the one that this restore had made as " + kept.database() + "."));
    }

    /** Only a look says so that began after the restore, and at the server that was restored on. */
    private static Optional<RestoreDecision> gone(RestoreRequest request, ManagedApplication application) {
        RestoreRequestStatus status = RestoreClaims.status(request);
        HeldClaim claim = status.claim();
        if (application == null
                || application.getSpec() == null
                || application.getStatus() == null
                || claim == null
                || status.completedAt() == null
                || !isSameServer(status.plan(), application, claim.database())) {
            return Optional.empty();
        }
        return application.getStatus().restoreReadiness().stream()
                .filter(look -> claim.database().equals(look.database()))
                .filter(look -> ReadinessDecider.isCurrent(application, look))
                .filter(look -> look.checkedAt() != null && look.checkedAt().isAfter(status.completedAt()))
                .filter(look -> isMissing(look, status.previous().database()))
                .findFirst()
                .map(
                        look -> new RestoreDecision.NotKept(
                                Reason.GONE,
                                "Database " + status.previous().database() + ", kept since "
                                        + status.previous().since() + ", was not on server "
                                        + status.plan().server() + " any more at " + look.checkedAt()
                                        + ": it was dropped, or has another name. This restore can't be undone by source.previousOf."));
    }

    /** Whether a database of the application is still the one that was restored. */
    static boolean isSameServer(RestorePlan plan, ManagedApplication application, String database) {
        return application.getSpec().databases().stream()
                .filter(entry -> entry.name().equals(database))
                .anyMatch(entry -> entry.postgres().server().equals(plan.server())
                        && entry.postgres().database().equals(plan.database()));
    }

    /** Where there are more than are named, it may be one of the others. */
    private static boolean isMissing(RestoreReadiness look, String database) {
        return look.keptCount() != null
                && look.keptCount() == look.kept().size()
                && look.kept().stream().noneMatch(kept -> database.equals(kept.name()));
    }
}
