package dev.mainstay.runner.step;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.CacheClearWork;
import dev.mainstay.core.task.CacheReviewWork;
import dev.mainstay.core.task.CertificateCheckWork;
import dev.mainstay.core.task.DatabaseMaintainWork;
import dev.mainstay.core.task.DatabaseReviewWork;
import dev.mainstay.core.task.DependencyAuditWork;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.UrlCheckWork;
import dev.mainstay.runner.cache.CacheClearing;
import dev.mainstay.runner.cache.CacheReviewing;
import dev.mainstay.runner.certificate.CertificateChecking;
import dev.mainstay.runner.http.UrlChecking;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import dev.mainstay.runner.task.TaskWork;

/** Does a step of a MaintenanceRun. */
public final class StepTask implements TaskWork {

    @Override
    public TaskResult run(TaskContext context) {
        Task task = context.task();
        // Not the time of now: the operator, too, looks at when the container started.
        if (task.startBy() != null && context.startedAt().isAfter(task.startBy())) {
            throw new TaskFailure(
                    Reason.DEADLINE_EXCEEDED,
                    "step " + task.step().step() + " of MaintenanceRun "
                            + task.step().run()
                            + ": the container started at " + context.startedAt() + ", and was to start by "
                            + task.startBy() + ". Nothing was done. Find out what the Pod waited for.");
        }
        return TaskResult.of(report(context));
    }

    private static StepReport report(TaskContext context) {
        return switch (context.task().step().work()) {
            case CacheReviewWork review -> CacheReviewing.run(context, review);
            case CacheClearWork clear -> CacheClearing.run(context, clear);
            case DatabaseReviewWork review -> new DatabaseReview(context, review).run();
            case DatabaseMaintainWork maintain -> new DatabaseMaintain(context, maintain).run();
            case CertificateCheckWork check -> CertificateChecking.run(context, check);
            case DependencyAuditWork audit -> new DependencyAudit(context, audit).run();
            case UrlCheckWork check -> UrlChecking.run(context, check);
        };
    }
}
