package dev.mainstay.core.runbook;

import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.core.restore.HealthSeen;
import java.util.List;

/** What is known of that which a step looks at or has made. */
public sealed interface StepSeen {

    /** Nothing was looked at. */
    record Nothing() implements StepSeen {}

    /**
     * Of a backup.
     *
     * @param policy the policy; null when there is none
     * @param made what the attempt has made; null when it has made nothing
     * @param others all backups of the policy
     */
    record OfBackup(BackupPolicy policy, DatabaseBackup made, List<DatabaseBackup> others) implements StepSeen {}

    /** What the Pods answered. */
    record OfHealth(HealthSeen health) implements StepSeen {}
}
