package dev.mainstay.core.runbook;

import dev.mainstay.api.application.Workload;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.core.rollback.PodTemplate;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.StepWork;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A type of step that is done in a Job, by the runner. What an attempt is told to do is in {@link #order}; how its Job is made,
 * watched and left is the same for all of them.
 */
public sealed interface RunnerStepType extends StepType
        permits CacheReviewStepType,
                CacheClearStepType,
                DatabaseReviewStepType,
                DatabaseMaintainStepType,
                CertificateCheckStepType,
                DependencyAuditStepType,
                UrlCheckStepType {

    /** What the runner is told to do. */
    sealed interface Order {

        /** It is known. */
        record Ready(StepWork work) implements Order {}

        /** Something that the step needs is not there. */
        record Missing(Reason reason, String message) implements Order {}
    }

    /**
     * What the runner is told to do, from the step and the objects of its application alone.
     *
     * @param turn the step; its application is there, and can be read
     * @param policies the BackupPolicies of the application
     */
    Order order(StepTurn turn, List<BackupPolicy> policies);

    /**
     * The same for a type that also wants a workload of the application.
     *
     * @param template the pod template of {@link #workload}; null when there is no such workload, or none is wanted
     */
    default Order order(StepTurn turn, List<BackupPolicy> policies, PodTemplate template) {
        return order(turn, policies);
    }

    /** The same for a type that also wants the restores of the application. */
    default Order order(StepTurn turn, RunnerObjects objects) {
        return order(turn, objects.policies(), objects.template());
    }

    /** Whether the restores of the application are wanted for the order. */
    default boolean wantsRestores(StepTurn turn) {
        return false;
    }

    /** The workload whose pod template is wanted for the order; empty when none is. */
    default Optional<Workload> workload(StepTurn turn) {
        return Optional.empty();
    }

    /** Whether it changes something: a Job that ends without a result has Failed then, and else CouldNotCheck. */
    boolean changes();

    @Override
    default Optional<Instant> begunAt(RunStep line, StepSeen seen) {
        return RunnerSteps.begunAt(line, seen);
    }

    @Override
    default Optional<StepResult> foreseen(StepTurn turn, StepSeen seen) {
        return judge(turn, seen).bad();
    }

    @Override
    default StepProgress judge(StepTurn turn, StepSeen seen) {
        return RunnerSteps.judge(this, turn, seen);
    }
}
