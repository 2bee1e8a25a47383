package dev.mainstay.core.backup;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import java.util.List;
import java.util.Map;

/**
 * All that is known when a policy's restore tests are decided on.
 *
 * @param policy the policy
 * @param application the application that it names; null when there is none
 * @param backups its DatabaseBackups
 * @param serviceAccount what is known of the ServiceAccount that the application's job template names
 * @param clusterId id of this cluster
 * @param jobs the policy's own Jobs, by name
 * @param restoring name of a RestoreRequest of the application that is at work or waits; null when there is none
 * @param room whether there is a place for a test
 */
public record RestoreTestObservation(
        BackupPolicy policy,
        ManagedApplication application,
        List<DatabaseBackup> backups,
        ServiceAccountObservation serviceAccount,
        String clusterId,
        Map<String, JobObservation> jobs,
        String restoring,
        boolean room) {}
