package dev.mainstay.core.backup;

import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.DatabaseBackup;
import java.time.Instant;
import java.util.List;

/**
 * What is to be done about a BackupPolicy now.
 *
 * @param make backups to be made; what is made already under one of these names is left as it is
 * @param remove finished backups without data: more than the history limit, or expired
 * @param status the status to be written, once those backups exist
 * @param wakeUp when to look again at the latest; null when time alone changes nothing
 */
public record PolicyDecision(
        List<NewBackup> make, List<DatabaseBackup> remove, BackupPolicyStatus status, Instant wakeUp) {

    /**
     * A backup to be made. Its name is its lock: made twice, it is there once.
     *
     * @param name its name
     * @param reason why, for people
     * @param slot the slot that it is made for; null when a person asked for it
     */
    public record NewBackup(String name, String reason, Instant slot) {}
}
