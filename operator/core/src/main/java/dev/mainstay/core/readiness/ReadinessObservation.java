package dev.mainstay.core.readiness;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.backup.JobObservation;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * All that is known when it is decided whether an application's restores are to be looked at.
 *
 * @param application the application
 * @param serviceAccount what is known of the ServiceAccount that its job template names
 * @param clusterId id of this cluster
 * @param policies the BackupPolicies that name it
 * @param jobs the application's own Jobs, by name
 * @param restoring whether a restore works on it: then a database may be closed, or have another name
 * @param restored when the newest restore of it ended; null when none has
 * @param dropped when a run dropped a kept database the last time; null when none has
 * @param idle whether the house has room for work that can wait
 */
public record ReadinessObservation(
        ManagedApplication application,
        ServiceAccountObservation serviceAccount,
        String clusterId,
        List<BackupPolicy> policies,
        Map<String, JobObservation> jobs,
        boolean restoring,
        Instant restored,
        Instant dropped,
        boolean idle) {}
