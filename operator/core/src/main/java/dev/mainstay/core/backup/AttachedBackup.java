package dev.mainstay.core.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;

/**
 * A DatabaseBackup that was made for what lay in the bucket. It never runs: its policy, which has found its data, writes its
 * status, and until then it waits. So an operator that dies between the two leaves nothing that would begin a backup, and
 * nobody can have a backup told of that is not there by writing the annotation.
 */
final class AttachedBackup {

    /** Its policy has most often written the status by then, and two who write one object stand in each other's way. */
    private static final Duration IS_TOLD = Duration.ofMinutes(1);

    private AttachedBackup() {}

    /** Where its data was found; null for one that was not made for what lay there. */
    static String from(DatabaseBackup backup) {
        return backup.getMetadata().getAnnotations() == null
                ? null
                : backup.getMetadata().getAnnotations().get(Annotations.ATTACHED_FROM);
    }

    /** Whether it waits for its status, and does nothing else. */
    static boolean waits(DatabaseBackup backup) {
        return from(backup) != null
                && !PolicyHistory.phase(backup).terminal()
                && (backup.getStatus() == null || backup.getStatus().attempts().isEmpty());
    }

    /** What becomes of one that waits. */
    static BackupDecision decide(BackupObservation observation, Instant now) {
        DatabaseBackup backup = observation.backup();
        BackupPolicy policy = observation.policy();
        Instant created = Instant.parse(backup.getMetadata().getCreationTimestamp());
        if (now.isBefore(created.plus(IS_TOLD))) {
            return new BackupDecision.AwaitStatus(Duration.between(now, created.plus(IS_TOLD)));
        }
        if (policy == null) {
            return new BackupDecision.Stuck(
                    Reason.POLICY_NOT_FOUND,
                    BackupDecider.policyMissing(backup) + " Make it again; it then tells what this object stands for.",
                    BackupDecision.Pace.SLOW);
        }
        String name = policy.getMetadata().getName();
        String stands = "Annotation " + Annotations.ATTACHED_FROM + " says that its data is at " + from(backup)
                + ", so it never runs. ";
        return policy.getSpec() == null || Attachment.isDue(policy)
                ? new BackupDecision.Wait(
                        Reason.ATTACHING,
                        stands + "BackupPolicy " + name + " looks there for what its status is to tell.",
                        BackupDecision.Pace.SLOW)
                : new BackupDecision.Stuck(
                        Reason.BACKUP_NOT_FOUND,
                        stands + "BackupPolicy " + name
                                + " has found no backup of its own there. Delete this object; to"
                                + " have the bucket looked through again, give the policy a new value of the annotation "
                                + Annotations.ATTACH + ".",
                        BackupDecision.Pace.SLOW);
    }
}
