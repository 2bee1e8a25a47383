package dev.mainstay.core.backup;

import dev.mainstay.api.SecretKeyReference;
import dev.mainstay.api.application.PostgresDatabase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicySpec;
import dev.mainstay.api.backup.RestoreTest;
import dev.mainstay.api.backup.RestoreTestStatus.Running;
import dev.mainstay.api.backup.RestoreTestTarget;
import dev.mainstay.core.Durations;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.task.RestoreOrder;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.DatabaseTarget;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.core.task.Task.Origin;
import dev.mainstay.core.task.TaskKind;
import java.time.Instant;
import java.util.Map;

/** The tasks of restore tests. */
final class RestoreTestTasks {

    private static final String SCHEME = "s3://";

    /** A restored database without a table tells nothing. */
    private static final int FEWEST_TABLES = 1;

    private RestoreTestTasks() {}

    /** The task of a test: of the backup that was chosen when it was begun, whatever has been made since. */
    static Task of(RestoreTestObservation observation, DatabaseChoice.Found found, Running run, Instant startBy) {
        BackupPolicy policy = observation.policy();
        BackupPolicySpec spec = policy.getSpec();
        RestoreTest test = spec.verification().restoreTest();
        RestoreTestTarget target = test.target();
        String namespace = policy.getMetadata().getNamespace();
        String name = policy.getMetadata().getName();
        String mark = Names.restoreTestMark(observation.clusterId(), namespace, name);
        String[] location = run.location().substring(SCHEME.length()).split("/", 2);
        return new Task(
                Task.CONTRACT_VERSION,
                TaskKind.RESTORE_TEST,
                new Origin(
                        observation.clusterId(),
                        namespace,
                        spec.applicationRef().name(),
                        name,
                        found.database().name(),
                        run.backup(),
                        null,
                        MadeBy.OPERATION,
                        null,
                        spec.storage().adopt()),
                run.number(),
                location[1],
                Names.parentFolder(location[1]),
                database(target, found.database().postgres(), spec),
                BackupTasks.storage(spec.storage().s3(), location[0]),
                null,
                null,
                startBy,
                Durations.parse(test.timeout()).toSeconds(),
                null,
                new RestoreOrder(
                        name,
                        mark,
                        Names.testDatabase(mark),
                        false,
                        null,
                        // A server of its own has the roles that the backup needs, as the one that was dumped had.
                        target.pod() != null,
                        Map.of(),
                        FEWEST_TABLES,
                        test.queries(),
                        identity(test.identitySecretRef()),
                        true,
                        false,
                        false,
                        new RestoreOrder.Test(
                                target.sameServer() == null
                                        ? null
                                        : target.sameServer().maxDatabaseBytes(),
                                target.server() != null,
                                target.pod() == null
                                        ? null
                                        : new RestoreOrder.PodServer(
                                                target.pod().size(),
                                                target.pod().storageClassName()))));
    }

    private static DatabaseTarget database(RestoreTestTarget target, PostgresDatabase postgres, BackupPolicySpec spec) {
        if (target.pod() != null) {
            return null;
        }
        return target.server() == null ? sameServer(postgres, spec) : server(target.server());
    }

    private static DatabaseTarget sameServer(PostgresDatabase postgres, BackupPolicySpec spec) {
        return BackupTasks.database(postgres, postgres.adminSecretRef(), spec.clientCertSecretRef());
    }

    /** Its database is one that exists there: the test's is made as that one was. */
    private static DatabaseTarget server(RestoreTestTarget.Server server) {
        return BackupTasks.database(
                new PostgresDatabase(
                        server.host(),
                        server.port(),
                        null,
                        null,
                        server.adminDatabase(),
                        server.adminDatabase(),
                        server.sslMode(),
                        server.caSecretRef(),
                        server.adminSecretRef(),
                        null),
                server.adminSecretRef(),
                null);
    }

    private static MountedSecret identity(SecretKeyReference reference) {
        return reference == null
                ? null
                : new MountedSecret("identity", reference.name(), Map.of("identity", reference.key()));
    }
}
