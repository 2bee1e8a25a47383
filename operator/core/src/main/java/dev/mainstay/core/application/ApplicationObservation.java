package dev.mainstay.core.application;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.Workload;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.core.claims.Claims;
import dev.mainstay.core.rollback.Ledger;
import dev.mainstay.core.rollback.RecordedRelease;
import java.util.List;
import java.util.Map;

/**
 * All that is known when a ManagedApplication is decided on.
 *
 * @param application the object
 * @param workloads those of its workloads that exist
 * @param claims what is granted of the application, and who waits
 * @param health what the last passes over its Pods found; {@link HealthStreak#NONE} before the first
 * @param releases the releases of its ledger, the newest first
 * @param ledger what follows for the ledger
 * @param modes the MaintenanceModes that name it
 * @param firingAlerts names of its AlertRules that fire, the gravest first
 * @param restoreReady what is known of restores of its databases
 * @param templateRefusal what the API server says against a Job of its job template; null when nothing
 */
public record ApplicationObservation(
        ManagedApplication application,
        Map<Workload, WorkloadObservation> workloads,
        Claims claims,
        HealthStreak health,
        List<RecordedRelease> releases,
        Ledger.Decision ledger,
        List<MaintenanceMode> modes,
        List<String> firingAlerts,
        RestoreReady restoreReady,
        String templateRefusal) {

    /** The workload that spec.health names; null when it does not exist, or there is no spec.health. */
    public WorkloadObservation healthWorkload() {
        return application.getSpec().healthWorkload().map(workloads::get).orElse(null);
    }

    /**
     * What is seen of a workload.
     *
     * @param templateVersion label {@code app.kubernetes.io/version} of its pod template; null when there is none
     * @param version the same label of the workload itself; null when there is none
     * @param image image of its first container; null when there is none
     * @param replicas how many Pods its spec asks for
     */
    public record WorkloadObservation(String templateVersion, String version, String image, int replicas) {}
}
