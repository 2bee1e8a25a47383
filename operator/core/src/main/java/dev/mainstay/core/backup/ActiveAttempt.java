package dev.mainstay.core.backup;

import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.FollowUps;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.backup.BackupDecision.Pace;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskProgress;
import dev.mainstay.core.task.TaskProgress.Stage;
import dev.mainstay.core.task.TaskResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An attempt whose own task is to be started, runs, or has just ended. */
final class ActiveAttempt {

    private ActiveAttempt() {}

    static BackupDecision decide(BackupObservation observation, Attempt attempt, Instant now) {
        String name = BackupDecider.jobName(observation.backup(), attempt, TaskKind.BACKUP, 1);
        JobObservation job = observation.jobs().get(name);
        if (job == null) {
            return withoutJob(observation, attempt, name, now);
        }
        if (!job.ours()) {
            return giveUp(attempt, JobRefusal.foreign(job), now);
        }
        Attempt seen = Attempts.seen(attempt, job);
        Optional<TaskResult> result = job.pod() == null
                ? Optional.empty()
                : TaskJson.readResult(job.pod().terminationMessage());
        if (result.isPresent()) {
            return ended(observation, seen, job, result.get(), now);
        }
        if (job.dead(now)) {
            return settle(observation, seen, job, now);
        }
        Optional<Ending> ending = Ending.of(observation);
        if (ending.isPresent()) {
            return job.canBeEnded()
                    ? new BackupDecision.EndJob(name)
                    : ending(seen, job, ending.get().reason());
        }
        if (job.pod() != null && job.pod().started()) {
            return running(observation, seen);
        }
        return seen.startedAt() != null ? lost(seen, job) : starting(seen, job, now);
    }

    /** One that was seen before may have written anything until it vanished. */
    private static BackupDecision withoutJob(BackupObservation observation, Attempt attempt, String name, Instant now) {
        if (attempt.job() != null) {
            return settle(observation, attempt, null, now);
        }
        return Ending.of(observation)
                .map(ending -> giveUp(attempt, ending.failure(), now))
                .orElseGet(() -> start(observation, attempt, name, now));
    }

    /** Its Pod is gone and the Job controller has not said so yet. It may have written anything: never given up here. */
    private static BackupDecision lost(Attempt attempt, JobObservation job) {
        return new BackupDecision.Watch(
                attempt,
                null,
                Reason.IN_PROGRESS,
                "The Pod of Job " + job.name() + " is gone; its Job is about to end.",
                Pace.RUNNING);
    }

    private static BackupDecision ending(Attempt attempt, JobObservation job, Reason reason) {
        return new BackupDecision.Watch(
                attempt,
                null,
                reason,
                (reason == Reason.CANCELLED ? "The backup is cancelled" : "The backup makes room for an emergency")
                        + "; Job " + job.name() + " is about to end.",
                Pace.RUNNING);
    }

    private static BackupDecision start(BackupObservation observation, Attempt attempt, String name, Instant now) {
        BackupDecision blocked = BackupDecider.blocked(observation, now);
        if (blocked instanceof BackupDecision.Fail fail) {
            // The object is about to be finished, and must not keep an attempt that looks alive.
            return giveUp(attempt, fail.failure(), now);
        }
        Optional<Failure> late = SlotBackup.givenUp(observation, blocked, now);
        if (late.isPresent()) {
            return giveUp(attempt, late.get(), now);
        }
        if (blocked != null) {
            return blocked;
        }
        return BackupDecider.makeJob(
                observation, BackupDecider.database(observation), attempt, TaskKind.BACKUP, name, now);
    }

    private static BackupDecision ended(
            BackupObservation observation, Attempt attempt, JobObservation job, TaskResult result, Instant now) {
        if (result.outcome() == TaskResult.Outcome.COMMITTED && result.backup() != null) {
            return committed(observation, attempt, job, result, now);
        }
        if (result.outcome() == TaskResult.Outcome.ABORTED) {
            return giveUp(attempt, new Failure(reason(result), text(result), result.logTail()), now);
        }
        // It can't say whether its manifest arrived: that must be found out, not guessed.
        return settle(
                observation,
                Attempts.withProblem(attempt, new Failure(reason(result), text(result), List.of())),
                job,
                now);
    }

    /** The end of a task that read the backup back as far as it could, and then looked after the older ones. */
    static BackupDecision committed(
            BackupObservation observation, Attempt attempt, JobObservation job, TaskResult result, Instant now) {
        List<DatabaseBackup> expired = BackupRetention.expired(observation, attempt, job, result.retention());
        if (!expired.isEmpty()) {
            return new BackupDecision.Expire(expired);
        }
        Failure unproven =
                result.reason() == null ? null : new Failure(result.reason(), text(result), result.logTail());
        return new BackupDecision.Succeed(
                Attempts.ended(attempt, AttemptState.SUCCEEDED, now), result.backup(), unproven, result.retention());
    }

    static BackupDecision giveUp(Attempt attempt, Failure failure, Instant now) {
        Attempt told = Attempts.withProblem(attempt, failure);
        return new BackupDecision.GiveUpAttempt(Attempts.ended(told, AttemptState.FAILED, now), failure);
    }

    private static BackupDecision settle(
            BackupObservation observation, Attempt attempt, JobObservation job, Instant now) {
        Attempt told = attempt.reason() != null
                ? attempt
                : Attempts.withProblem(
                        attempt,
                        Ending.of(observation)
                                .map(Ending::failure)
                                .orElseGet(() -> PodTrouble.withoutResult("attempt " + attempt.number(), job)));
        return new BackupDecision.Intend(
                Attempts.withState(told, AttemptState.SETTLING, new FollowUps(1, 0, Attempts.seconds(now))),
                Reason.SETTLING,
                told.message() + " Its path is being settled.");
    }

    private static BackupDecision running(BackupObservation observation, Attempt attempt) {
        TaskProgress progress = observation.progress();
        boolean verifying = progress != null && progress.stage() == Stage.VERIFY;
        return new BackupDecision.Watch(
                attempt,
                progress,
                verifying ? Reason.VERIFYING : Reason.IN_PROGRESS,
                "Attempt " + attempt.number()
                        + (verifying
                                ? " is committed and being read back."
                                : progress == null
                                        ? " checks the database and the store, then dumps."
                                        : " is dumping the database."),
                Pace.RUNNING);
    }

    private static BackupDecision starting(Attempt attempt, JobObservation job, Instant now) {
        Failure why = PodTrouble.notStarted(job);
        Instant startBy = job.startBy();
        if (startBy != null && startTimeIsOver(job, now)) {
            // After startBy the runner does nothing but say so: nothing was and nothing will be written, unless a Pod
            // came and went unseen.
            return job.pod() == null && job.hadPod() ? lost(attempt, job) : giveUp(attempt, why, now);
        }
        Duration left = startBy == null
                ? Pace.SLOW
                : Duration.between(now, startBy.plus(JobObservation.CLOCK_SKEW)).plusSeconds(1);
        boolean known = job.pod() != null
                && (job.pod().unschedulable() != null || job.pod().waitingMessage() != null);
        return new BackupDecision.Watch(
                attempt,
                null,
                known ? Reason.of(why.reason()).orElse(Reason.STARTING) : Reason.STARTING,
                known ? why.message() : waiting(job),
                BackupDecider.earlier(left, Pace.RUNNING));
    }

    private static String waiting(JobObservation job) {
        return job.pod() == null
                ? PodTrouble.withoutPod(job)
                : "Job " + job.name() + " was made; its container has not started yet.";
    }

    /** Whether a runner of the Job that starts now does nothing; so it is for one that says no time. */
    static boolean startTimeIsOver(JobObservation job, Instant now) {
        return job.startBy() == null || now.isAfter(job.startBy().plus(JobObservation.CLOCK_SKEW));
    }

    static String reason(TaskResult result) {
        return result.reason() == null ? Reason.INTERNAL_ERROR.text() : result.reason();
    }

    static String text(TaskResult result) {
        return result.message() == null ? "The task gave no message." : result.message();
    }
}
