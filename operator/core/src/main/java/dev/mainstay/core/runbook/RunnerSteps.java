package dev.mainstay.core.runbook;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.Durations;
import dev.mainstay.core.application.JobTemplateRefusal;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.backup.JobRefusal;
import dev.mainstay.core.backup.PodTrouble;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.rollback.PodTemplate;
import dev.mainstay.core.runbook.RunnerStepType.Order;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.StepOrder;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.Task.Origin;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskResult;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The Job of an attempt that the runner does: its name, its task, and how far it is. */
public final class RunnerSteps {

    /** How long a Job may wait for its Pod. */
    public static final Duration STARTS_WITHIN = Duration.ofMinutes(10);

    private RunnerSteps() {}

    /** Name of the attempt's Job: the same however often it is made. */
    public static String jobName(StepTurn turn) {
        MaintenanceRun run = turn.run();
        return Names.stepJob(
                run.getMetadata().getName(),
                run.getMetadata().getUid(),
                turn.step().name(),
                turn.attempt());
    }

    /** The task of an attempt that wants no workload. */
    static Optional<Task> task(
            RunnerStepType type, StepTurn turn, List<BackupPolicy> policies, String clusterId, Instant now) {
        return task(type, turn, policies, null, clusterId, now);
    }

    /** The task of an attempt that wants no restores. */
    static Optional<Task> task(
            RunnerStepType type,
            StepTurn turn,
            List<BackupPolicy> policies,
            PodTemplate template,
            String clusterId,
            Instant now) {
        return task(type, turn, new RunnerObjects(policies, template, List.of(), Set.of(), now), clusterId);
    }

    /**
     * The task of the attempt; empty when something that it needs is not there.
     *
     * @param objects what the type wants, as it is now
     */
    public static Optional<Task> task(RunnerStepType type, StepTurn turn, RunnerObjects objects, String clusterId) {
        if (!(order(type, turn, objects) instanceof Order.Ready(var work))) {
            return Optional.empty();
        }
        MaintenanceRun run = turn.run();
        Duration limit = Optional.ofNullable(turn.step().timeout())
                .map(Durations::parse)
                .or(type::timeout)
                .orElseThrow();
        return Optional.of(Task.of(
                new Origin(
                        clusterId,
                        run.getMetadata().getNamespace(),
                        run.getSpec().applicationRef().name(),
                        null,
                        null,
                        null,
                        null,
                        MadeBy.OPERATION,
                        null,
                        null),
                turn.attempt(),
                objects.at().plus(STARTS_WITHIN).truncatedTo(ChronoUnit.SECONDS),
                limit.toSeconds(),
                new StepOrder(run.getMetadata().getName(), turn.step().name(), work)));
    }

    /** How far the attempt is. */
    static StepProgress judge(RunnerStepType type, StepTurn turn, StepSeen seen) {
        if (!(seen instanceof StepSeen.OfRunner found)) {
            return new StepProgress.Wait("Its Job is about to be made.");
        }
        JobObservation job = found.job();
        if (job == null) {
            return unmade(type, turn, found);
        }
        if (!job.ours()) {
            return ended(StepResult.couldNotCheck(
                    Reason.FOREIGN_JOB, JobRefusal.foreign(job).message()));
        }
        Optional<TaskResult> result = job.pod() == null
                ? Optional.empty()
                : TaskJson.readResult(job.pod().terminationMessage());
        if (result.isPresent()) {
            return ended(result(type, job, result.get()));
        }
        if (job.dead(found.at())) {
            return lost(
                    type, job, PodTrouble.withoutResult("step " + turn.step().name(), job));
        }
        if (job.pod() != null && job.pod().started()) {
            return new StepProgress.Wait("Job " + job.name() + " is at work.");
        }
        if (job.startBy() != null && found.at().isAfter(job.startBy().plus(JobObservation.CLOCK_SKEW))) {
            return lost(type, job, PodTrouble.notStarted(job));
        }
        boolean known = job.pod() != null
                && (job.pod().unschedulable() != null || job.pod().waitingMessage() != null);
        return new StepProgress.Wait(
                known
                        ? PodTrouble.notStarted(job).message()
                        : "Job " + job.name() + " was made; its container has not started yet.");
    }

    static Optional<Instant> begunAt(RunStep line, StepSeen seen) {
        return seen instanceof StepSeen.OfRunner found
                ? begunAt(
                        line,
                        found.place(),
                        Optional.ofNullable(found.job())
                                .map(job -> job.startBy() == null
                                        ? line.attemptedAt()
                                        : job.startBy().minus(STARTS_WITHIN)))
                : Optional.of(line.attemptedAt());
    }

    /**
     * From when on the time of an attempt counts that has a Job.
     *
     * @param place whether there is a place for the Job
     * @param madeAt when it was made; empty when there is none
     */
    static Optional<Instant> begunAt(RunStep line, boolean place, Optional<Instant> madeAt) {
        if (madeAt.isEmpty()) {
            return place ? Optional.of(line.attemptedAt()) : Optional.empty();
        }
        return madeAt.map(made -> made.isAfter(line.attemptedAt()) ? made : line.attemptedAt());
    }

    private static StepProgress unmade(RunnerStepType type, StepTurn turn, StepSeen.OfRunner found) {
        if (order(type, turn, found.objects()) instanceof Order.Missing(Reason reason, String message)) {
            return ended(StepResult.couldNotCheck(reason, message));
        }
        if (found.account() == ServiceAccountObservation.NOT_ALLOWED) {
            return ended(StepResult.couldNotCheck(
                    Reason.SERVICE_ACCOUNT_NOT_ALLOWED,
                    "The ServiceAccount of spec.jobTemplate of ManagedApplication "
                            + turn.application().getMetadata().getName()
                            + " does not exist, or an administrator has not given it the label "
                            + Annotations.ALLOW_JOBS
                            + "=true."));
        }
        Optional<String> refused = JobTemplateRefusal.told(turn.application());
        if (refused.isPresent()) {
            return ended(StepResult.couldNotCheck(Reason.INVALID_SPEC, refused.get()));
        }
        return found.place() ? new StepProgress.Act() : new StepProgress.Wait(JobRefusal.WAITS);
    }

    private static Order order(RunnerStepType type, StepTurn turn, RunnerObjects objects) {
        String named =
                "ManagedApplication " + turn.run().getSpec().applicationRef().name();
        if (turn.application() == null || turn.application().getSpec() == null) {
            return new Order.Missing(
                    Reason.APPLICATION_NOT_FOUND, named + " is gone. Create it again, and make another run.");
        }
        if (turn.application().unreadableSpec().isPresent()) {
            return new Order.Missing(
                    Reason.INVALID_SPEC,
                    named + ": spec can't be read by this version of Mainstay: "
                            + turn.application().unreadableSpec().get() + ". Correct it, or upgrade Mainstay.");
        }
        return type.order(turn, objects);
    }

    private static StepResult result(RunnerStepType type, JobObservation job, TaskResult result) {
        StepReport report = result.step();
        if (report == null) {
            boolean told = Reason.CANCELLED.text().equals(result.reason());
            String message = result.message() == null ? "Job " + job.name() + " told nothing." : result.message();
            return bad(
                    type,
                    told ? Reason.POD_FAILED : reason(result.reason(), Reason.INTERNAL_ERROR),
                    told
                            ? "Job " + job.name() + " was ended by somebody else, as when its node is drained: "
                                    + message
                            : message);
        }
        String message = report.message();
        StepResult told =
                switch (report.outcome()) {
                    case PASSED -> StepResult.passed(message);
                    case FINDINGS -> StepResult.findings(message);
                    case SKIPPED -> StepResult.skipped(message);
                    case FAILED -> StepResult.failed(reason(report.reason(), Reason.STEP_FAILED), message);
                    case COULD_NOT_CHECK, UNRECOGNIZED ->
                        StepResult.couldNotCheck(reason(report.reason(), Reason.COULD_NOT_CHECK), message);
                };
        return told.measured(report.facts());
    }

    private static Reason reason(String word, Reason otherwise) {
        return Reason.of(word).orElse(otherwise);
    }

    private static StepProgress ended(StepResult result) {
        return new StepProgress.Ended(result, false);
    }

    /** Nothing of it may begin any more once the attempt is over. */
    private static StepProgress lost(RunnerStepType type, JobObservation job, Failure why) {
        return new StepProgress.Ended(
                bad(type, reason(why.reason(), Reason.POD_FAILED), why.message()), job.canBeEnded());
    }

    private static StepResult bad(RunnerStepType type, Reason reason, String message) {
        return type.changes() ? StepResult.failed(reason, message) : StepResult.couldNotCheck(reason, message);
    }
}
