package dev.mainstay.core.restore;

import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.restore.RestorePlan;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.Texts;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.status.Conditions;
import java.util.List;

/** What a restore costs and came to, in sentences that promise nothing else. */
final class RestoreWords {

    private static final int LONGEST_REASON = 256;

    /** What of a name fits into the reason of the request that undoes it. */
    private static final int LONGEST_IN_REASON = 240;

    private RestoreWords() {}

    /** What is to be done. */
    static String plan(RestoreRequest request, RestorePlan plan) {
        String what = what(plan);
        if (IntoEmpty.is(plan)) {
            return IntoEmpty.planned(plan, what(plan));
        }
        if (plan.previous() == null) {
            return "Restores " + what + ", which holds the data of " + plan.goesBackTo() + ", into the new database "
                    + plan.copy() + ". Database " + plan.database() + " is not touched.";
        }
        return "Database " + plan.database() + " goes back to " + plan.goesBackTo() + ", by " + what + "; "
                + plan.writesLost() + " of writes will not be in it. The database of now "
                + (plan.databaseSize() == null ? "" : "(" + plan.databaseSize() + ") ") + "stays as " + plan.previous()
                + ".";
    }

    private static String what(RestorePlan plan) {
        if (plan.backup() != null) {
            return "DatabaseBackup " + plan.backup();
        }
        return plan.location() == null ? "the kept database " + plan.copy() : "the backup in " + plan.location();
    }

    /** What is in place. */
    static String restored(RestoreRequest request, RestoreRequestStatus status) {
        RestorePlan plan = status.plan();
        String rows = status.restored() == null
                ? ""
                : " It has " + status.restored().rows() + " rows in "
                        + status.restored().tables() + " tables"
                        + (status.restored().rowsCompared() ? ", as many as the backup." : ".");
        if (IntoEmpty.is(plan)) {
            return IntoEmpty.restored(plan, rows);
        }
        if (plan.previous() == null) {
            return "Database " + plan.copy() + " holds the data of " + plan.goesBackTo() + "." + rows;
        }
        return "Database " + plan.database() + " is the one of " + plan.goesBackTo() + "." + rows
                + (status.previous() == null
                        ? ""
                        : " The one before it is kept as " + status.previous().database() + ".");
    }

    /** Who started what was to stay stopped: what it wrote then is not in the database that was restored. */
    static String startedAgain(RestoreRequestStatus status) {
        List<String> started = status.workloads().stream()
                .filter(line -> line.startedBy() != null)
                .map(line -> line.text() + " was started again meanwhile by " + line.startedBy())
                .toList();
        if (started.isEmpty()) {
            return "";
        }
        return " " + String.join("; ", started) + "."
                + (status.previous() == null
                        ? ""
                        : " What it wrote before the swap is in "
                                + status.previous().database() + ".");
    }

    /** The request that puts the kept database back, as one line that can be pasted, and again if need be. */
    static String undo(RestoreRequest request) {
        String name = Names.cut(request.getMetadata().getName(), 240) + "-undo-";
        HeldClaim claim = RestoreClaims.status(request).claim();
        String entry = claim == null ? request.getSpec().database() : claim.database();
        String database = entry == null ? "" : ",\"database\":\"" + entry + "\"";
        return "echo '{\"apiVersion\":\"" + request.getApiVersion()
                + "\",\"kind\":\"RestoreRequest\",\"metadata\":{\"generateName\":\""
                + name + "\",\"namespace\":\"" + request.getMetadata().getNamespace()
                + "\"},\"spec\":{\"applicationRef\":{\"name\":\""
                + RestoreClaims.application(request) + "\"}" + database
                + ",\"source\":{\"previousOf\":{\"name\":\""
                + request.getMetadata().getName()
                + "\"}},\"reason\":\"undo " + Names.cut(request.getMetadata().getName(), LONGEST_IN_REASON)
                + "\"}}' | kubectl create --filename -";
    }

    /** What others have said may be longer than the schema takes, and a status that is not taken would stay so for ever. */
    static Failure bounded(Failure failure) {
        return failure == null
                ? null
                : new Failure(failure.reason(), Conditions.cut(failure.message()), failure.logTail());
    }

    /** That nothing was replaced. */
    static String untouched(RestorePlan plan) {
        if (IntoEmpty.is(plan)) {
            return IntoEmpty.untouched(plan);
        }
        return plan.previous() == null
                ? "Database " + plan.database() + " was not touched."
                : "Database " + plan.database() + " is the one that was there before.";
    }

    /** The reason of an object that a restore makes. */
    static String why(String what, RestoreRequest request) {
        return Texts.cut(
                what + " " + request.getMetadata().getName() + ": "
                        + request.getSpec().reason(),
                LONGEST_REASON,
                "");
    }
}
