package dev.mainstay.core.backup;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import java.util.List;

/**
 * All that is known when a BackupPolicy is decided on.
 *
 * @param policy the object
 * @param application the application that it names; null when there is none
 * @param backups its DatabaseBackups
 */
public record PolicyObservation(BackupPolicy policy, ManagedApplication application, List<DatabaseBackup> backups) {}
