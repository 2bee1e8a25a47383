package dev.mainstay.core.runbook;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.core.restore.Declined;
import java.util.List;

/**
 * All that is known when a MaintenanceSchedule is decided on.
 *
 * @param schedule the object
 * @param application the application that it names; null when there is none
 * @param runbook the Runbook that it names; null when there is none
 * @param runs its MaintenanceRuns
 * @param rollouts the Deployments whose rollouts it follows; null when it follows none, or they can't be known now
 * @param declined why the API server did not take a run that was to be made now; null when it did, or none was
 */
public record ScheduleObservation(
        MaintenanceSchedule schedule,
        ManagedApplication application,
        Runbook runbook,
        List<MaintenanceRun> runs,
        List<RolloutSeen> rollouts,
        Declined declined) {

    /** The same, after the API server did not take a run. */
    public ScheduleObservation with(Declined why) {
        return new ScheduleObservation(schedule, application, runbook, runs, rollouts, why);
    }
}
