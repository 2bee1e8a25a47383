package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.core.claims.Claim;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a step can do: a class each, which says what it would do, whether it is needed, and what came of it. What has to be
 * asked and done in the cluster for that is the part of its actor in the operator.
 */
public sealed interface StepType
        permits BackupStepType,
                HttpCheckStepType,
                RestartStepType,
                RollbackStepType,
                JobStepType,
                ManualStepType,
                MetricCheckStepType,
                NotifyStepType,
                RunnerStepType,
                ReversibleStepType {

    /** All of them, in the order of the table in docs/maintenance-runs.md. */
    List<StepType> ALL = List.of(
            new BackupStepType(),
            new HttpCheckStepType(),
            new UrlCheckStepType(),
            new MaintenanceModeStepType(),
            new ScaleStepType(),
            new RestartStepType(),
            new RollbackStepType(),
            new CacheReviewStepType(),
            new CacheClearStepType(),
            new JobStepType(),
            new ManualStepType(),
            new MetricCheckStepType(),
            new DatabaseReviewStepType(),
            new DatabaseMaintainStepType(),
            new CertificateCheckStepType(),
            new DependencyAuditStepType(),
            new NotifyStepType());

    /** The type of a step; empty for one that this version does not know. */
    static Optional<StepType> of(RunbookStep step) {
        return ALL.stream().filter(type -> type.is(step)).findFirst();
    }

    /** Its field in a step. */
    String name();

    /** Whether a step is of this type. */
    boolean is(RunbookStep step);

    /** What it does, for the table. */
    String does();

    /** What it is judged by, for the table. */
    String judgedBy();

    /** How long an attempt may take when the step does not say; empty when there are no attempts. */
    Optional<Duration> timeout();

    /** What it would do, in a sentence. */
    String plan(StepTurn turn);

    /** The same with what was looked at for it. */
    default String plan(StepTurn turn, StepSeen seen) {
        return plan(turn);
    }

    /** Whether it always waits for a person, and is done when that person says so. */
    default boolean byPerson() {
        return false;
    }

    /** What of the application an attempt works on, and nobody else may meanwhile. */
    default List<Claim> claims(StepTurn turn) {
        return List.of();
    }

    /** From when on the time of an attempt counts; empty while it waits for a place among the Jobs. */
    default Optional<Instant> begunAt(RunStep line, StepSeen seen) {
        return Optional.of(line.attemptedAt());
    }

    /** Why it need not be done, before its first attempt; empty when it is to be done. */
    default Optional<String> needless(StepTurn turn, StepSeen seen, Instant now) {
        return Optional.empty();
    }

    /**
     * What stands against it as things are, for a dry run: what an attempt would come to at once, Findings for what it would wait
     * for, and Passed with more on what it would do; empty when nothing is known.
     *
     * @param turn the step, of which no attempt is under way
     * @param seen what was looked at for that
     */
    default Optional<StepResult> foreseen(StepTurn turn, StepSeen seen) {
        return Optional.empty();
    }

    /** How far the attempt is. */
    StepProgress judge(StepTurn turn, StepSeen seen);
}
