package dev.mainstay.core.backup;

import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.RestoreTestStatus;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.backup.Verified;
import java.util.Optional;

/** That a restore test has proven a backup is noted in the backup's own status. */
public final class RestoreTestNote {

    private RestoreTestNote() {}

    /**
     * The status of a backup that the policy's newest passed test restored; empty when it is another one, or says so already.
     */
    public static Optional<DatabaseBackupStatus> of(BackupPolicyStatus policy, DatabaseBackup backup) {
        return Optional.ofNullable(policy)
                .map(BackupPolicyStatus::restoreTest)
                .map(RestoreTestStatus::lastPassed)
                .filter(test -> PolicyHistory.isRestorable(backup)
                        && backup.getMetadata().getName().equals(test.backup())
                        && backup.getStatus().location().equals(test.location())
                        && !isNoted(backup.getStatus().verified()))
                .map(test ->
                        with(backup.getStatus(), new Verified(VerificationLevel.RESTORE_TEST, test.at(), test.rows())));
    }

    /** A level of a newer version is not taken back. */
    private static boolean isNoted(Verified verified) {
        return verified != null
                && verified.level() != null
                && verified.level().compareTo(VerificationLevel.RESTORE_TEST) >= 0;
    }

    private static DatabaseBackupStatus with(DatabaseBackupStatus status, Verified verified) {
        return new DatabaseBackupStatus(
                status.observedGeneration(),
                status.conditions(),
                status.phase(),
                status.slot(),
                status.startedAt(),
                status.completedAt(),
                status.duration(),
                status.progress(),
                status.location(),
                status.size(),
                status.serverVersion(),
                status.snapshotAt(),
                status.lsn(),
                status.sha256(),
                verified,
                status.retention(),
                status.claim(),
                status.attempts(),
                status.failure());
    }
}
