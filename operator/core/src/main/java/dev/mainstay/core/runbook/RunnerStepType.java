package dev.mainstay.core.runbook;

import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.StepWork;
import java.util.List;

/**
 * A type of step that is done in a Job, by the runner. What an attempt is told to do is in {@link #order}; how its Job is made,
 * watched and left is the same for all of them.
 */
public sealed interface RunnerStepType extends StepType
        permits CacheReviewStepType,
                CacheClearStepType,
                DatabaseReviewStepType,
                DatabaseMaintainStepType,
                CertificateCheckStepType {

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

    /** Whether it changes something: a Job that ends without a result has Failed then, and else CouldNotCheck. */
    boolean changes();

    @Override
    default StepProgress judge(StepTurn turn, StepSeen seen) {
        return RunnerSteps.judge(this, turn, seen);
    }
}
