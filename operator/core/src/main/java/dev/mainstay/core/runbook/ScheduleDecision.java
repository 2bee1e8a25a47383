package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceScheduleStatus;
import java.time.Instant;
import java.util.List;

/**
 * What is to be done about a MaintenanceSchedule now.
 *
 * @param make runs to be made; what is made already under one of these names is left as it is
 * @param remove finished runs of slots and rollouts, more than the history limits
 * @param status the status to be written, once those runs exist
 * @param wakeUp when to look again at the latest; null when time alone changes nothing
 */
public record ScheduleDecision(
        List<NewRun> make, List<MaintenanceRun> remove, MaintenanceScheduleStatus status, Instant wakeUp) {

    /**
     * A run to be made. Its name is its lock: made twice, it is there once.
     *
     * @param name its name
     * @param reason why, for people
     * @param slot the slot that it is made for; null when a person asked for it, or for a rollout
     * @param rollout identifies the rollout that it is made for; null when there is none
     * @param notAfter when it may begin at the latest; null for no limit
     * @param stopAfter when its time is over; null when it may take as long as it takes
     */
    public record NewRun(
            String name, String reason, Instant slot, String rollout, Instant notAfter, Instant stopAfter) {}
}
