package dev.mainstay.core.backup;

import dev.mainstay.api.backup.BackupPolicyStatus;

/**
 * What is to be done about a BackupPolicy now.
 *
 * @param runNow name of the DatabaseBackup to make because of the annotation run-now; null when there is none to make
 * @param runNowValue value of that annotation; null when there is none to handle
 * @param status the status to be written, once that backup exists
 */
public record PolicyDecision(String runNow, String runNowValue, BackupPolicyStatus status) {}
