package dev.mainstay.core.backup;

import dev.mainstay.api.backup.AttachedBackups;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.PreflightStatus;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What is to be done about a policy's preflight now. */
public sealed interface PreflightDecision {

    /**
     * Nothing.
     *
     * @param until when one is due; null when something else has to change first
     */
    record Nothing(Instant until) implements PreflightDecision {}

    /** Makes the Job. */
    record Make(String name, Task task, Instant startBy) implements PreflightDecision {}

    /** Waits for a place, or for the Job. */
    record Wait(Duration lookAgain) implements PreflightDecision {}

    /**
     * Makes objects for backups that were found in the bucket, and goes on afterwards.
     *
     * @param next the next of them
     * @param otherwise what is told when they can't be made
     */
    record Attach(List<Attached> next, Tell otherwise) implements PreflightDecision {}

    /** An object that is made, unless it is there, and told what it stands for. */
    record Attached(DatabaseBackup object, DatabaseBackupStatus status) {}

    /**
     * Tells what came of it.
     *
     * @param status what is written down
     * @param findings text of the ConfigMap; null when none is to be written
     * @param attached what was found in the bucket when it was looked through; null when it never was
     * @param end name of the Job that is to be ended, since nobody waits for it any more; null when none is
     */
    record Tell(PreflightStatus status, String findings, AttachedBackups attached, String end)
            implements PreflightDecision {

        /** Where no Job is to be ended. */
        Tell(PreflightStatus status, String findings, AttachedBackups attached) {
            this(status, findings, attached, null);
        }

        /** The same, and a Job is to be ended. */
        Tell andEnd(String job) {
            return new Tell(status, findings, attached, job);
        }

        /** The same when something that was found in the bucket could not be given an object. */
        public Tell butNotAttached(String why) {
            return new Tell(
                    status,
                    findings,
                    new AttachedBackups(
                            null,
                            status.checkedAt(),
                            null,
                            null,
                            null,
                            Conditions.cut(
                                    "Not each of the backups that were found in the bucket has its DatabaseBackup yet: "
                                            + why + " It is tried again within a quarter of an hour.")));
        }
    }
}
