package dev.mainstay.core.backup;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.AttachedBackups;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.PreflightStatus;
import java.util.List;

/**
 * All that is known when a BackupPolicy is decided on.
 *
 * @param policy the object
 * @param application the application that it names; null when there is none
 * @param backups its DatabaseBackups
 * @param preflight what the newest preflight found; null when there was none
 * @param attached what was found in the bucket when it was looked through; null when it never was
 * @param restoreTest what was decided of its restore tests; null when that is left as it is
 */
public record PolicyObservation(
        BackupPolicy policy,
        ManagedApplication application,
        List<DatabaseBackup> backups,
        PreflightStatus preflight,
        AttachedBackups attached,
        RestoreTestDecision restoreTest) {

    /** Of a policy whose bucket was looked through as its status says. */
    public PolicyObservation(
            BackupPolicy policy,
            ManagedApplication application,
            List<DatabaseBackup> backups,
            PreflightStatus preflight,
            RestoreTestDecision restoreTest) {
        this(
                policy,
                application,
                backups,
                preflight,
                policy.getStatus() == null ? null : policy.getStatus().attached(),
                restoreTest);
    }

    /** Of a policy whose preflight and restore tests are as its status says. */
    public PolicyObservation(BackupPolicy policy, ManagedApplication application, List<DatabaseBackup> backups) {
        this(
                policy,
                application,
                backups,
                policy.getStatus() == null ? null : policy.getStatus().preflight(),
                null);
    }
}
