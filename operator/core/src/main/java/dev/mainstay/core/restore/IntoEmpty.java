package dev.mainstay.core.restore;

import dev.mainstay.api.restore.RestorePlan;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.core.ByteSizes;

/**
 * What is different about a restore into a database that is there and empty. Data and mark come in one transaction, after the
 * verification: so the database is as it was, or holds all of the backup and says whose restore that was.
 */
final class IntoEmpty {

    private IntoEmpty() {}

    /** Whether a plan is of one: there is no database beside that would be filled. */
    static boolean is(RestorePlan plan) {
        return plan != null && plan.copy() == null;
    }

    /** The step after which the restored data is in place. */
    static RestoreStepName placing(RestorePlan plan) {
        return is(plan) ? RestoreStepName.RESTORE_INTO_EMPTY : RestoreStepName.SWAP;
    }

    /** The step that restores and verifies. */
    static RestoreStepName restoring(RestorePlan plan) {
        return is(plan) ? RestoreStepName.RESTORE_INTO_EMPTY : RestoreStepName.RESTORE_COPY;
    }

    static String planned(RestorePlan plan, String what) {
        return "Restores " + what + ", which holds the data of " + plan.goesBackTo() + ", into database "
                + plan.database() + " itself, which is empty. No database is kept, as there is nothing to keep.";
    }

    static String restored(RestorePlan plan, String rows) {
        return "Database " + plan.database() + " holds the data of " + plan.goesBackTo() + "." + rows
                + " It was empty before, so that no database is kept.";
    }

    static String untouched(RestorePlan plan) {
        return "Nothing was restored into database " + plan.database() + ": it is as it was before.";
    }

    static String freeSpace(Long bytes) {
        return "free space: nothing tells whether the server has room for what is restored"
                + (bytes == null ? "" : " (" + ByteSizes.format(bytes) + ")")
                + ". Look at its disk, and make the request with spec.acceptUnknownFreeSpace: true.";
    }

    /** What is told when nobody could find out, or tries to. */
    static String inDoubt(RestoreRequest request, RestorePlan plan) {
        return " Database " + plan.database() + " is as it was before, or holds all of the backup, never a part of it: "
                + "it does when its comment names uid "
                + request.getMetadata().getUid() + ".";
    }
}
