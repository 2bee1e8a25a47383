package dev.mainstay.core.runbook;

import dev.mainstay.api.application.PostgresDatabase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.runbook.DatabaseReviewStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.core.ByteSizes;
import dev.mainstay.core.Durations;
import dev.mainstay.core.task.DatabaseReviewWork;
import dev.mainstay.core.task.Task.DatabaseTarget;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A database and its server are looked at, with the role that backups have; nothing is changed. */
public record DatabaseReviewStepType() implements RunnerStepType {

    @Override
    public String name() {
        return "databaseReview";
    }

    @Override
    public boolean is(RunbookStep step) {
        return step.databaseReview() != null;
    }

    @Override
    public String does() {
        return "looks at a database and its server, in a Job, with the role of the backups: connections, long transactions, slow"
                + " queries, indexes, bloat, the age of transaction ids, replication slots"
                + " ([more](steps/database-review.md))";
    }

    @Override
    public String judgedBy() {
        return "the thresholds in the step: what is beyond one is Findings; a right that lacks is CouldNotCheck";
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(Duration.ofMinutes(15));
    }

    @Override
    public String plan(StepTurn turn) {
        return StepDatabases.plan(turn, step(turn).database(), "Looks, and changes nothing, at ");
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Order order(StepTurn turn, List<BackupPolicy> policies) {
        DatabaseReviewStep step = step(turn);
        return StepDatabases.order(
                turn,
                "databaseReview.database",
                step.database(),
                policies,
                PostgresDatabase::credentialsSecretRef,
                target -> work(target, step));
    }

    private static DatabaseReviewWork work(DatabaseTarget database, DatabaseReviewStep step) {
        return new DatabaseReviewWork(
                database,
                step.connectionsPercent(),
                seconds(step.transactionAge()),
                seconds(step.idleInTransactionAge()),
                seconds(step.slowQueryTime()),
                ByteSizes.parse(step.unusedIndexSize()),
                seconds(step.statisticsAge()),
                step.bloatPercent(),
                ByteSizes.parse(step.bloatSize()),
                step.wraparoundPercent(),
                ByteSizes.parse(step.walSize()));
    }

    private static long seconds(String duration) {
        return Durations.parse(duration).toSeconds();
    }

    private static DatabaseReviewStep step(StepTurn turn) {
        return turn.step().databaseReview();
    }
}
