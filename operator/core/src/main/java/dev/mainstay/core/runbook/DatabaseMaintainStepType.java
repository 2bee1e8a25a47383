package dev.mainstay.core.runbook;

import dev.mainstay.api.application.Database;
import dev.mainstay.api.application.PostgresDatabase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.runbook.DatabaseMaintainStep;
import dev.mainstay.api.runbook.DatabaseTables;
import dev.mainstay.api.runbook.IdleSessions;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.Reindex;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.core.ByteSizes;
import dev.mainstay.core.Durations;
import dev.mainstay.core.claims.Claim;
import dev.mainstay.core.claims.Operation;
import dev.mainstay.core.restore.PreviousDrops;
import dev.mainstay.core.task.DatabaseMaintainWork;
import dev.mainstay.core.task.DatabaseMaintainWork.Indexes;
import dev.mainstay.core.task.DatabaseMaintainWork.Previous;
import dev.mainstay.core.task.DatabaseMaintainWork.Sessions;
import dev.mainstay.core.task.Task.DatabaseTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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
        return "ends idle sessions, drops databases that restores have kept, reindexes, vacuums and analyzes, in a Job, with the role of the restores"
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
        return database(turn).stream()
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
        if (step.dropPrevious() != null) {
            does.add("drops databases that restores have kept for "
                    + step.dropPrevious().olderThan());
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

    @Override
    public String plan(StepTurn turn, StepSeen seen) {
        return seen instanceof StepSeen.OfRunner found
                ? plan(turn)
                        + database(turn)
                                .filter(ignored -> wantsRestores(turn))
                                .map(database -> " "
                                        + PreviousDrops.told(
                                                previous(turn, database, found.objects()),
                                                turn.application(),
                                                database,
                                                found.at()))
                                .orElse("")
                : plan(turn);
    }

    /** Nobody is asked to approve that nothing is dropped. */
    @Override
    public Optional<String> needless(StepTurn turn, StepSeen seen, Instant now) {
        DatabaseMaintainStep step = step(turn);
        boolean more = step.endIdleSessions() != null
                || step.reindex() != null
                || step.vacuum() != null
                || step.analyze() != null;
        return seen instanceof StepSeen.OfRunner found && wantsRestores(turn) && !more
                ? database(turn)
                        .flatMap(
                                database -> PreviousDrops.needless(previous(turn, database, found.objects()), database))
                : Optional.empty();
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
    public boolean wantsRestores(StepTurn turn) {
        return step(turn).dropPrevious() != null;
    }

    /** Without the restores nothing is dropped. */
    @Override
    public Order order(StepTurn turn, List<BackupPolicy> policies) {
        return order(turn, policies, (Previous) null);
    }

    @Override
    public Order order(StepTurn turn, RunnerObjects objects) {
        return order(
                turn,
                objects.policies(),
                database(turn)
                        .filter(ignored -> wantsRestores(turn))
                        .map(database -> previous(turn, database, objects))
                        .orElse(null));
    }

    private static Order order(StepTurn turn, List<BackupPolicy> policies, Previous previous) {
        DatabaseMaintainStep step = step(turn);
        return StepDatabases.order(
                turn,
                "databaseMaintain.database",
                step.database(),
                policies,
                PostgresDatabase::adminSecretRef,
                target -> work(target, step, previous));
    }

    private static Optional<Database> database(StepTurn turn) {
        return StepDatabases.find(turn, step(turn).database());
    }

    private static Previous previous(StepTurn turn, Database database, RunnerObjects objects) {
        return PreviousDrops.choose(
                objects.restores(),
                turn.application(),
                database,
                Durations.parse(step(turn).dropPrevious().olderThan()),
                objects.databases(),
                objects.at());
    }

    /** When a kept database was dropped the last time, or was found gone, by the word of the runs; empty when never. */
    public static Optional<Instant> lastDrop(List<MaintenanceRun> runs) {
        return runs.stream()
                .flatMap(run -> RunLines.status(run).steps().stream())
                .filter(line -> line.finishedAt() != null)
                .filter(line -> line.facts().getOrDefault(DatabaseMaintainWork.DROPPED, 0L) > 0
                        || line.facts().getOrDefault(DatabaseMaintainWork.GONE, 0L) > 0)
                .map(RunStep::finishedAt)
                .max(Comparator.naturalOrder());
    }

    private static DatabaseMaintainWork work(DatabaseTarget database, DatabaseMaintainStep step, Previous previous) {
        IdleSessions sessions = step.endIdleSessions();
        Reindex reindex = step.reindex();
        return new DatabaseMaintainWork(
                database,
                sessions == null
                        ? null
                        : new Sessions(
                                sessions.users(), seconds(sessions.idleFor()), seconds(sessions.inTransactionFor())),
                previous,
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
