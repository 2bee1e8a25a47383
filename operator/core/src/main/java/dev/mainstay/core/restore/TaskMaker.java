package dev.mainstay.core.restore;

import dev.mainstay.api.application.Database;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.restore.RestorePlan;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.core.backup.DatabaseChoice;
import dev.mainstay.core.restore.RestoreDecision.Wait;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskKind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** How the Jobs of a restore are made, and what keeps them from being made. */
final class TaskMaker {

    private final RestoreObservation observation;
    private final RestoreRequestStatus before;
    private final Optional<String> ending;
    private final Optional<Database> database;

    /**
     * Prepares it.
     *
     * @param ending why the restore is to end; empty when it is not
     */
    TaskMaker(RestoreObservation observation, Optional<String> ending) {
        this.observation = observation;
        this.before = RestoreClaims.status(observation.request());
        this.ending = ending;
        this.database = database(observation.application());
    }

    /** The entry that was chosen in the beginning: two entries may have databases of one name, on two servers. */
    private Optional<Database> database(ManagedApplication application) {
        RestoreRequest request = observation.request();
        boolean known = before.claim() != null || request.getSpec() != null;
        if (!known || application == null || application.unreadableSpec().isPresent()) {
            return Optional.empty();
        }
        String entry = before.claim() == null
                ? request.getSpec().database()
                : before.claim().database();
        return DatabaseChoice.among(request, entry, application) instanceof DatabaseChoice.Found found
                ? Optional.of(found.database())
                        .filter(database -> database.postgres()
                                .database()
                                .equals(before.plan().database()))
                        .filter(database -> database.postgres().adminSecretRef() != null)
                : Optional.empty();
    }

    /** The database that is worked on, as the application names it. */
    Optional<Database> database() {
        return database;
    }

    /** Why no Job can be made, whatever it is for; empty when one can. */
    Optional<String> hindrance() {
        if (observation.namespaceEnds()) {
            return Optional.of("its namespace is being deleted, and takes no Job any more");
        }
        return database.isPresent()
                ? Optional.empty()
                : Optional.of("ManagedApplication " + RestoreClaims.application(observation.request())
                        + " is gone, or does not name database " + before.plan().database()
                        + " with an adminSecretRef any more");
    }

    /** The Job of a task; where none can be made that is waited for, unless the restore is to end. */
    RestoreDecision make(TaskView.ToBeMade made, TaskKind kind, boolean fenceMayStand, Instant now) {
        Optional<String> hindrance = hindrance();
        if (hindrance.isPresent()) {
            return ending.isPresent()
                    ? new RestoreDecision.Fail(RestoreUnderWay.cancelled(ending.get() + ", and " + hindrance.get()))
                    : databaseLost();
        }
        RestorePlan plan = before.plan();
        Optional<BackupPolicy> policy = observation.policies().stream()
                .filter(candidate -> candidate.getMetadata().getName().equals(plan.policy()))
                .filter(candidate -> candidate.unreadableSpec().isEmpty())
                .findFirst();
        if (policy.isEmpty() && plan.policy() != null && RestoreTasks.readsBucket(kind)) {
            return new Wait(
                    Reason.POLICY_NOT_FOUND,
                    "BackupPolicy " + plan.policy()
                            + ", which says how the backup's bucket is opened, is gone. Make it again, and the restore"
                            + " goes on.",
                    true);
        }
        Instant startBy = now.plus(RestoreDecider.STARTS_WITHIN).truncatedTo(ChronoUnit.SECONDS);
        return new RestoreDecision.MakeJob(
                made.name(),
                RestoreTasks.of(
                        observation,
                        database.get().name(),
                        database.get().postgres(),
                        policy.orElse(null),
                        kind,
                        made.task().number(),
                        fenceMayStand,
                        startBy),
                startBy);
    }

    /** What it works on was taken away under it. */
    Wait databaseLost() {
        return new Wait(
                Reason.DATABASE_NOT_FOUND,
                "ManagedApplication " + RestoreClaims.application(observation.request())
                        + " does not name database " + before.plan().database()
                        + " with an adminSecretRef any more, or is gone. Put it back, and the restore goes on; or delete"
                        + " this request: what it has stopped is given back, and an Event tells what is left to do.",
                true);
    }
}
