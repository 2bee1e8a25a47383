package dev.mainstay.core.restore;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.PostgresDatabase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.restore.RestorePlan;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestSpec;
import dev.mainstay.core.Durations;
import dev.mainstay.core.backup.BackupTasks;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.task.RestoreOrder;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.core.task.Task.Origin;
import dev.mainstay.core.task.TaskKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The tasks of a restore's Jobs: each follows from the plan that stands in the status, and not from what has changed since. */
final class RestoreTasks {

    private static final String SCHEME = "s3://";

    /** They look at catalogues, or rename; only what restores moves data. */
    private static final Duration SHORT = Duration.ofMinutes(5);

    private RestoreTasks() {}

    /**
     * A task.
     *
     * @param database name of the database in the application
     * @param postgres the database as the application describes it
     * @param policy whose bucket the backup is in; null for a kept database, and where it is gone and not read
     */
    static Task of(
            RestoreObservation observation,
            String database,
            PostgresDatabase postgres,
            BackupPolicy policy,
            TaskKind kind,
            int number,
            boolean fenceMayStand,
            Instant startBy) {
        RestoreRequest request = observation.request();
        RestoreRequestSpec spec = request.getSpec();
        RestorePlan plan = RestoreClaims.status(request).plan();
        boolean reads = policy != null && readsBucket(kind);
        String[] location = plan.location() == null
                ? null
                : plan.location().substring(SCHEME.length()).split("/", 2);
        return new Task(
                Task.CONTRACT_VERSION,
                kind,
                origin(observation, database, plan),
                number,
                reads ? location[1] : null,
                reads ? Names.parentFolder(location[1]) : null,
                BackupTasks.database(
                        postgres,
                        postgres.adminSecretRef(),
                        policy == null ? null : policy.getSpec().clientCertSecretRef()),
                reads ? BackupTasks.storage(policy.getSpec().storage().s3(), location[0]) : null,
                null,
                null,
                startBy,
                (movesData(kind) ? Durations.parse(spec.timeout()) : SHORT).toSeconds(),
                null,
                readsBucket(kind) ? copying(request, plan, reads) : renaming(request, plan, fenceMayStand));
    }

    /** Whether a task of a kind reads the backup, and with it what the spec says of the copy. */
    static boolean readsBucket(TaskKind kind) {
        return kind == TaskKind.RESTORE_PLAN || movesData(kind);
    }

    private static boolean movesData(TaskKind kind) {
        return kind == TaskKind.RESTORE_COPY || kind == TaskKind.RESTORE_INTO_EMPTY;
    }

    /** Name of the database that is filled. */
    private static String filled(RestorePlan plan) {
        return IntoEmpty.is(plan) ? plan.database() : plan.copy();
    }

    private static RestoreOrder copying(RestoreRequest request, RestorePlan plan, boolean reads) {
        RestoreRequestSpec spec = request.getSpec();
        return new RestoreOrder(
                request.getMetadata().getName(),
                request.getMetadata().getUid(),
                filled(plan),
                plan.location() == null,
                plan.previous(),
                spec.roles().createMissing(),
                spec.roles().mapping(),
                spec.verify().minimumTables(),
                spec.verify().queries(),
                reads && spec.identitySecretRef() != null
                        ? new MountedSecret(
                                "identity",
                                spec.identitySecretRef().name(),
                                Map.of("identity", spec.identitySecretRef().key()))
                        : null,
                spec.allowForeignSource(),
                false,
                IntoEmpty.is(plan));
    }

    /** It takes the names that were planned and nothing else: it can be made of a spec that can't be read any more. */
    private static RestoreOrder renaming(RestoreRequest request, RestorePlan plan, boolean fenceMayStand) {
        return new RestoreOrder(
                request.getMetadata().getName(),
                request.getMetadata().getUid(),
                filled(plan),
                plan.location() == null,
                plan.previous(),
                false,
                Map.of(),
                0,
                List.of(),
                null,
                false,
                fenceMayStand,
                IntoEmpty.is(plan));
    }

    private static Origin origin(RestoreObservation observation, String database, RestorePlan plan) {
        ManagedApplication application = observation.application();
        return new Origin(
                observation.clusterId(),
                application.getMetadata().getNamespace(),
                application.getMetadata().getName(),
                plan.policy(),
                database,
                plan.backup(),
                null,
                MadeBy.OPERATION,
                null,
                null);
    }
}
