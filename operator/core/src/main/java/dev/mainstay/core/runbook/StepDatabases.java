package dev.mainstay.core.runbook;

import dev.mainstay.api.application.Database;
import dev.mainstay.api.application.DatabaseCredentials;
import dev.mainstay.api.application.PostgresDatabase;
import dev.mainstay.api.application.SslMode;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.core.backup.BackupTasks;
import dev.mainstay.core.runbook.RunnerStepType.Order;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.StepWork;
import dev.mainstay.core.task.Task.DatabaseTarget;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The database that a step means. Where it is and what opens it stands in the application, and in the policies of its backups:
 * whoever writes a Runbook chooses among its databases, and can send their passwords nowhere else.
 */
final class StepDatabases {

    private StepDatabases() {}

    /**
     * What is to be done with the database, or what is missing.
     *
     * @param field the field of the step that names it
     * @param wanted its name in the application; null for the only one
     * @param credentials which of its Secrets opens it
     */
    static Order order(
            StepTurn turn,
            String field,
            String wanted,
            List<BackupPolicy> policies,
            Function<PostgresDatabase, DatabaseCredentials> credentials,
            Function<DatabaseTarget, StepWork> work) {
        String self = "ManagedApplication " + turn.application().getMetadata().getName();
        Optional<Database> found = find(turn, wanted);
        if (found.isEmpty()) {
            return new Order.Missing(Reason.DATABASE_NOT_FOUND, notFound(turn, self, field, wanted));
        }
        PostgresDatabase postgres = found.get().postgres();
        if (postgres.sslMode() == SslMode.UNRECOGNIZED) {
            return new Order.Missing(
                    Reason.INVALID_SPEC,
                    self + ": spec.databases[" + found.get().name()
                            + "].postgres.sslMode has a value that this version of Mainstay does not know. Correct it, or"
                            + " upgrade Mainstay.");
        }
        if (credentials.apply(postgres) == null) {
            return new Order.Missing(
                    Reason.CREDENTIALS_MISSING,
                    self + ": spec.databases[" + found.get().name()
                            + "].postgres.adminSecretRef is not set: it names the role that may do this. Add it.");
        }
        String place = "spec.databases[" + found.get().name() + "].postgres.";
        String role =
                credentials.apply(postgres) == postgres.adminSecretRef() ? "adminSecretRef" : "credentialsSecretRef";
        return new Order.Ready(work.apply(BackupTasks.database(
                        postgres,
                        credentials.apply(postgres),
                        BackupTasks.certificate(turn.application(), found.get(), policies))
                .namedBy(place + role, place + "caSecretRef", self)));
    }

    /** What is done with it, in a sentence. */
    static String plan(StepTurn turn, String wanted, String does) {
        return does
                + find(turn, wanted)
                        .map(database -> "database " + database.postgres().database() + " on "
                                + database.postgres().server() + ".")
                        .orElseGet(() -> "a database that ManagedApplication "
                                + turn.run().getSpec().applicationRef().name() + " does not name.");
    }

    private static List<Database> databases(StepTurn turn) {
        return turn.application() == null || turn.application().getSpec() == null
                ? List.of()
                : turn.application().getSpec().databases();
    }

    /** The database; empty when the application has none of that name, or several and none is named. */
    static Optional<Database> find(StepTurn turn, String wanted) {
        List<Database> databases = databases(turn);
        return wanted == null && databases.size() != 1
                ? Optional.empty()
                : databases.stream()
                        .filter(database -> wanted == null || wanted.equals(database.name()))
                        .findFirst();
    }

    private static String notFound(StepTurn turn, String self, String field, String wanted) {
        String names = databases(turn).stream().map(Database::name).collect(Collectors.joining(", "));
        if (names.isEmpty()) {
            return self + " has no database in spec.databases. Add the one that is meant.";
        }
        return wanted == null
                ? field + " of the step is left out, and " + self + " has several databases (" + names + "). Name one."
                : field + " of the step is " + wanted + ", and " + self + " has no database of that name (found: "
                        + names + "). Name one that it has, or add it there.";
    }
}
