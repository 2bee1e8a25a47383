package dev.mainstay.core.backup;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.StoredManifest;
import java.util.List;
import java.util.Map;

/**
 * All that is known when a policy's preflight is decided on.
 *
 * @param policy the policy
 * @param application the application that it names; null when there is none
 * @param serviceAccount what is known of the ServiceAccount that the application's job template names
 * @param clusterId id of this cluster
 * @param jobs the policy's own Jobs, by name
 * @param findings what the log of the Job that is waited for says; null when that can't be read, or not whole
 * @param stored what it has found in the bucket; null when that can't be read, or nobody asked for it
 * @param backups all backups of the namespace, while they may have to be attached; else none
 * @param idle whether the house has room for work that can wait
 */
public record PreflightObservation(
        BackupPolicy policy,
        ManagedApplication application,
        ServiceAccountObservation serviceAccount,
        String clusterId,
        Map<String, JobObservation> jobs,
        List<Finding> findings,
        List<StoredManifest> stored,
        List<DatabaseBackup> backups,
        boolean idle) {}
