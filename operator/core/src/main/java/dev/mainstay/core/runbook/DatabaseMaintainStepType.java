package dev.mainstay.core.runbook;

import dev.mainstay.api.application.PostgresDatabase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.runbook.DatabaseMaintainStep;
import dev.mainstay.api.runbook.DatabaseTables;
import dev.mainstay.api.runbook.IdleSessions;
import dev.mainstay.api.runbook.Reindex;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.core.ByteSizes;
import dev.mainstay.core.Durations;
import dev.mainstay.core.claims.Claim;
import dev.mainstay.core.claims.Operation;
import dev.mainstay.core.task.DatabaseMaintainWork;
import dev.mainstay.core.task.DatabaseMaintainWork.Indexes;
import dev.mainstay.core.task.DatabaseMaintainWork.Sessions;
import dev.mainstay.core.task.Task.DatabaseTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sessions are ended, and indexes and tables of a database kept in shape, with the role that restores have. */
public record DatabaseMaintainStepType() implements RunnerStepType {

    @Override
    public String name() {
        return "databaseMaintain";
    }

    @Override
    public boolean is(RunbookStep step) {
        return step.databaseMaintain() != null;
    }

    @Override
    public String does() {
        return "ends idle sessions, reindexes, vacuums and analyzes in a database, in a Job, with the role of the restores"
                + " (`adminSecretRef`; [more](steps/database-maintain.md))";
    }

    @Override
    public String judgedBy() {
        return "what the server says afterwards: what stays locked or can't be done is Failed, a transaction that is open for"
                + " too long is CouldNotCheck, and what should be looked at Findings";
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(Duration.ofHours(2));
    }

    @Override
    public List<Claim> claims(StepTurn turn) {
        return StepDatabases.find(turn, step(turn).database()).stream()
                .flatMap(database -> Operation.STEP_DATABASE_MAINTAIN.claims(database.name()).stream())
                .toList();
    }

    @Override
    public String plan(StepTurn turn) {
        DatabaseMaintainStep step = step(turn);
        List<String> does = new ArrayList<>();
        if (step.endIdleSessions() != null) {
            does.add("ends idle sessions of "
                    + String.join(", ", step.endIdleSessions().users()));
        }
        if (step.reindex() != null) {
            does.add("reindexes " + indexes(step.reindex()));
        }
        if (step.vacuum() != null) {
            does.add("vacuums " + tables(step.vacuum()));
        }
        if (step.analyze() != null) {
            does.add("analyzes " + tables(step.analyze()));
        }
        String all = String.join(", ", does);
        return StepDatabases.plan(
                turn, step.database(), Character.toUpperCase(all.charAt(0)) + all.substring(1) + "; all in ");
    }

    private static String indexes(Reindex reindex) {
        List<String> which = new ArrayList<>(reindex.indexes());
        if (reindex.invalid()) {
            which.add("those that are invalid");
        }
        return String.join(", ", which);
    }

    private static String tables(DatabaseTables tables) {
        return tables.tables().isEmpty() ? "all tables" : String.join(", ", tables.tables());
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public Order order(StepTurn turn, List<BackupPolicy> policies) {
        DatabaseMaintainStep step = step(turn);
        return StepDatabases.order(
                turn,
                "databaseMaintain.database",
                step.database(),
                policies,
                PostgresDatabase::adminSecretRef,
                target -> work(target, step));
    }

    private static DatabaseMaintainWork work(DatabaseTarget database, DatabaseMaintainStep step) {
        IdleSessions sessions = step.endIdleSessions();
        Reindex reindex = step.reindex();
        return new DatabaseMaintainWork(
                database,
                sessions == null
                        ? null
                        : new Sessions(
                                sessions.users(), seconds(sessions.idleFor()), seconds(sessions.inTransactionFor())),
                reindex == null
                        ? null
                        : new Indexes(reindex.invalid(), reindex.indexes(), ByteSizes.parse(reindex.maxSize())),
                step.vacuum() == null ? null : step.vacuum().tables(),
                step.analyze() == null ? null : step.analyze().tables(),
                seconds(step.lockTimeout()),
                seconds(step.transactionAge()));
    }

    private static long seconds(String duration) {
        return Durations.parse(duration).toSeconds();
    }

    private static DatabaseMaintainStep step(StepTurn turn) {
        return turn.step().databaseMaintain();
    }
}
