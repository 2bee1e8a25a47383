package dev.mainstay.core.restore;

import dev.mainstay.api.application.Database;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.restore.RestorePlan;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskKind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How the Jobs of a restore are made. */
final class TaskMaker {

    private final RestoreObservation observation;
    private final Database database;

    TaskMaker(RestoreObservation observation, Database database) {
        this.observation = observation;
        this.database = database;
    }

    private RestorePlan plan() {
        return RestoreClaims.status(observation.request()).plan();
    }

    /** The Job of a task. */
    RestoreDecision make(TaskView.ToBeMade made, TaskKind kind, boolean fenceMayStand, Instant now) {
        BackupPolicy policy = plan().policy() == null
                ? null
                : observation.policies().stream()
                        .filter(candidate -> candidate.getMetadata().getName().equals(plan().policy()))
                        .filter(candidate -> candidate.unreadableSpec().isEmpty())
                        .findFirst()
                        .orElse(null);
        if (policy == null && plan().policy() != null) {
            return new RestoreDecision.Wait(
                    Reason.POLICY_NOT_FOUND,
                    "BackupPolicy " + plan().policy()
                            + ", which says how the backup's bucket is opened, is gone. Make it again, and the restore"
                            + " goes on.",
                    true);
        }
        Instant startBy = now.plus(RestoreDecider.STARTS_WITHIN).truncatedTo(ChronoUnit.SECONDS);
        return new RestoreDecision.MakeJob(
                made.name(),
                RestoreTasks.of(
                        observation,
                        database.name(),
                        database.postgres(),
                        policy,
                        kind,
                        made.task().number(),
                        fenceMayStand,
                        startBy),
                startBy);
    }
}
