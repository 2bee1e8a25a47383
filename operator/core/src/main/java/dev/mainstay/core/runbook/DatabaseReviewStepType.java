package dev.mainstay.core.runbook;

import dev.mainstay.api.application.PostgresDatabase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.runbook.DatabaseReviewStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.core.task.DatabaseReviewWork;
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
        return "looks at a database, in a Job";
    }

    @Override
    public String judgedBy() {
        return "the thresholds";
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(Duration.ofMinutes(15));
    }

    @Override
    public String plan(StepTurn turn) {
        return StepDatabases.plan(turn, step(turn).database(), "Looks at ");
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
                target -> new DatabaseReviewWork(target, step.connectionsPercent()));
    }

    private static DatabaseReviewStep step(StepTurn turn) {
        return turn.step().databaseReview();
    }
}
