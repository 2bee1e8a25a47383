package dev.mainstay.core.restore;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.claims.ExecutedRequests;
import dev.mainstay.core.rollback.AutoscalerState;
import dev.mainstay.core.task.TaskProgress;
import dev.mainstay.core.workload.KeptStopped;
import dev.mainstay.core.workload.WorkloadSeen;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * All that is known when a RestoreRequest is decided on.
 *
 * @param request the object
 * @param application the application that it names; null when there is none
 * @param otherRelease the release of Mainstay that works on the application, if it is another one; else null
 * @param executed the requests that were carried out for the application
 * @param others the other RestoreRequests of its namespace
 * @param policies the policies of its namespace
 * @param backups the backups of the policy that it names, or the one backup
 * @param safetyBackup the backup that it makes before it replaces the database; null when there is none
 * @param serviceAccount what is known of the ServiceAccount that the application's job template names
 * @param clusterId id of this cluster
 * @param jobs its Jobs, by name
 * @param progress the newest line of progress of the running task; null when there is none
 * @param mode the maintenance mode of its name, as the API server has it; null when there is none
 * @param workloads what it stops and has stopped, as the API server has it; empty unless they are looked at
 * @param autoscalers those of the namespace; empty unless workloads are about to be stopped
 * @param elsewhere what modes of the application have stopped
 * @param health what is known of the application's health; null unless it is asked for
 * @param watchedSince since when this operator looks at restores
 * @param namespaceEnds whether the API server takes no Job any more, since the namespace is being deleted
 * @param modeKept what the API server said when it did not let the mode be ended; else null
 */
public record RestoreObservation(
        RestoreRequest request,
        ManagedApplication application,
        String otherRelease,
        ExecutedRequests executed,
        List<RestoreRequest> others,
        List<BackupPolicy> policies,
        List<DatabaseBackup> backups,
        DatabaseBackup safetyBackup,
        ServiceAccountObservation serviceAccount,
        String clusterId,
        Map<String, JobObservation> jobs,
        TaskProgress progress,
        MaintenanceMode mode,
        List<WorkloadSeen> workloads,
        List<AutoscalerState> autoscalers,
        List<KeptStopped> elsewhere,
        HealthSeen health,
        Instant watchedSince,
        boolean namespaceEnds,
        String modeKept) {

    /** The same, when a Job was refused because its namespace is being deleted. */
    public RestoreObservation inEndingNamespace() {
        return with(true, modeKept);
    }

    /** The same, when the API server did not let the mode be ended. */
    public RestoreObservation withModeKept(String said) {
        return with(namespaceEnds, said);
    }

    private RestoreObservation with(boolean namespaceEnds, String modeKept) {
        return new RestoreObservation(
                request,
                application,
                otherRelease,
                executed,
                others,
                policies,
                backups,
                safetyBackup,
                serviceAccount,
                clusterId,
                jobs,
                progress,
                mode,
                workloads,
                autoscalers,
                elsewhere,
                health,
                watchedSince,
                namespaceEnds,
                modeKept);
    }
}
