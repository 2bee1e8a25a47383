package dev.mainstay.core.backup;

import dev.mainstay.api.application.Database;
import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.FollowUps;
import dev.mainstay.api.backup.Retry;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.backup.BackupDecision.Pace;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.CommittedBackup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An attempt whose own task ended without a result: it is settled, and what turns out to be committed is proven. */
final class FollowUp {

    private FollowUp() {}

    static BackupDecision decide(BackupObservation observation, Attempt attempt, Instant now) {
        FollowUps done = Attempts.followUps(attempt);
        boolean settling = attempt.state() == AttemptState.SETTLING;
        TaskKind kind = settling ? TaskKind.SETTLE : TaskKind.VERIFY;
        int sequence = settling ? done.settles() : done.verifications();
        String name = BackupDecider.jobName(observation.backup(), attempt, kind, sequence);
        JobObservation job = observation.jobs().get(name);
        Optional<Ending> ending = Ending.of(observation);
        if (!settling && ending.isPresent()) {
            return job != null && job.canBeEnded()
                    ? new BackupDecision.EndJob(name)
                    : new BackupDecision.Succeed(
                            Attempts.ended(attempt, AttemptState.SUCCEEDED, now),
                            null,
                            ending.get().unproven());
        }
        if (job == null) {
            return start(observation, attempt, kind, sequence, name, now);
        }
        if (!job.ours()) {
            return again(observation, attempt, JobRefusal.foreign(job), now);
        }
        Optional<TaskResult> result = job.pod() == null
                ? Optional.empty()
                : TaskJson.readResult(job.pod().terminationMessage());
        if (result.isPresent() && conclusive(result.get())) {
            return settling
                    ? settled(observation, attempt, result.get(), now)
                    : read(observation, attempt, job, result.get(), now);
        }
        if (result.isPresent()) {
            TaskResult failed = result.get();
            return again(
                    observation,
                    attempt,
                    new Failure(ActiveAttempt.reason(failed), ActiveAttempt.text(failed), failed.logTail()),
                    now);
        }
        if (job.dead(now)) {
            return again(observation, attempt, PodTrouble.withoutResult(kind.text() + " task", job), now);
        }
        return watch(observation, attempt, job, now);
    }

    /** Whether it tells what is at the path. A committed backup without its facts tells too little. */
    private static boolean conclusive(TaskResult result) {
        return switch (result.outcome()) {
            case COMMITTED -> result.backup() != null;
            case ABORTED -> true;
            case FAILED -> false;
        };
    }

    private static BackupDecision watch(
            BackupObservation observation, Attempt attempt, JobObservation job, Instant now) {
        boolean started = job.pod() != null && job.pod().started();
        if (!started && job.startBy() != null && now.isAfter(job.startBy().plus(JobObservation.CLOCK_SKEW))) {
            return again(observation, attempt, PodTrouble.notStarted(job), now);
        }
        boolean settling = attempt.state() == AttemptState.SETTLING;
        return new BackupDecision.Watch(
                attempt,
                settling ? null : observation.progress(),
                settling ? Reason.SETTLING : Reason.VERIFYING,
                settling
                        ? "Attempt " + attempt.number() + " ended without a result; its path is being settled."
                        : "Attempt " + attempt.number() + " is committed and being read back.",
                Pace.RUNNING);
    }

    private static BackupDecision start(
            BackupObservation observation, Attempt attempt, TaskKind kind, int sequence, String name, Instant now) {
        // A pause and a full house don't keep an attempt from being cleared up; what makes its Job wrong does.
        BackupDecision blocked = BackupDecider.blocked(observation, now);
        if (blocked instanceof BackupDecision.Stuck stuck) {
            return new BackupDecision.Stuck(
                    stuck.reason(),
                    stuck.message() + " Attempt " + attempt.number() + " can't be "
                            + (kind == TaskKind.SETTLE ? "settled" : "read back") + " before that.",
                    stuck.lookAgain());
        }
        Database database = BackupDecider.database(observation);
        if (database == null) {
            return withoutPolicy(attempt, kind, now);
        }
        Instant due = due(observation, attempt, sequence);
        if (now.isBefore(due)) {
            return new BackupDecision.Wait(
                    kind == TaskKind.SETTLE ? Reason.SETTLING : Reason.VERIFYING,
                    "The " + kind.text() + " task of attempt " + attempt.number() + " is tried again at " + due + ".",
                    BackupDecider.earlier(Duration.between(now, due), Pace.SLOW));
        }
        return BackupDecider.makeJob(observation, database, attempt, kind, name, now);
    }

    /** The policy will not come back: what is committed stays committed, what is unknown stays unknown. */
    private static BackupDecision withoutPolicy(Attempt attempt, TaskKind kind, Instant now) {
        return kind == TaskKind.SETTLE
                ? unsettled(attempt, Reason.POLICY_NOT_FOUND.text(), "its BackupPolicy is gone.", now)
                : new BackupDecision.Succeed(
                        Attempts.ended(attempt, AttemptState.SUCCEEDED, now),
                        null,
                        new Failure(
                                Reason.POLICY_NOT_FOUND.text(),
                                "Its BackupPolicy is gone; without it the backup can't be read back.",
                                List.of()));
    }

    private static Instant due(BackupObservation observation, Attempt attempt, int sequence) {
        Instant planned = Attempts.followUps(attempt).plannedAt();
        Retry retry = observation.policy().getSpec().retry();
        return sequence == 1 ? planned : planned.plus(RetryRules.delay(retry, sequence - 1));
    }

    private static BackupDecision settled(
            BackupObservation observation, Attempt attempt, TaskResult result, Instant now) {
        if (result.outcome() == TaskResult.Outcome.ABORTED) {
            return new BackupDecision.GiveUpAttempt(
                    Attempts.ended(attempt, AttemptState.FAILED, now),
                    new Failure(attempt.reason(), attempt.message(), List.of()));
        }
        VerificationLevel wanted =
                observation.policy() == null || observation.policy().getSpec() == null
                        ? VerificationLevel.FULL_READ
                        : observation.policy().getSpec().verification().afterBackup();
        CommittedBackup committed = result.backup();
        if (committed.verified().compareTo(wanted) >= 0) {
            return new BackupDecision.Succeed(Attempts.ended(attempt, AttemptState.SUCCEEDED, now), committed, null);
        }
        FollowUps done = Attempts.followUps(attempt);
        return new BackupDecision.Commit(
                Attempts.withState(
                        attempt, AttemptState.VERIFYING, new FollowUps(done.settles(), 1, Attempts.seconds(now))),
                committed);
    }

    private static BackupDecision read(
            BackupObservation observation, Attempt attempt, JobObservation job, TaskResult result, Instant now) {
        if (result.outcome() == TaskResult.Outcome.ABORTED) {
            Failure damaged = new Failure(ActiveAttempt.reason(result), ActiveAttempt.text(result), result.logTail());
            return ActiveAttempt.giveUp(attempt, damaged, now);
        }
        return ActiveAttempt.committed(observation, attempt, job, result, now);
    }

    /** A follow-up that did not do its work is planned again, up to a bound. */
    private static BackupDecision again(BackupObservation observation, Attempt attempt, Failure failure, Instant now) {
        FollowUps done = Attempts.followUps(attempt);
        if (attempt.state() == AttemptState.SETTLING) {
            return done.settles() >= RetryRules.SETTLES
                    ? unsettled(attempt, failure.reason(), failure.message(), now)
                    : new BackupDecision.Intend(
                            Attempts.withState(
                                    attempt,
                                    AttemptState.SETTLING,
                                    new FollowUps(done.settles() + 1, 0, Attempts.seconds(now))),
                            Reason.SETTLING,
                            "Settling attempt " + attempt.number() + " failed: " + failure.message());
        }
        if (done.verifications() >= RetryRules.VERIFICATIONS) {
            return new BackupDecision.Succeed(Attempts.ended(attempt, AttemptState.SUCCEEDED, now), null, failure);
        }
        return new BackupDecision.Intend(
                Attempts.withState(
                        attempt,
                        AttemptState.VERIFYING,
                        new FollowUps(done.settles(), done.verifications() + 1, Attempts.seconds(now))),
                Reason.VERIFYING,
                "Reading attempt " + attempt.number() + " back failed: " + failure.message());
    }

    /** Nobody knows what is at the path. The next attempt would not touch it; the object must tell of it. */
    private static BackupDecision unsettled(Attempt attempt, String reason, String why, Instant now) {
        Failure failure = new Failure(
                reason,
                "Attempt " + attempt.number() + " ended without a result (" + attempt.message()
                        + ") and could not be settled: " + why + " What is left of it is at " + attempt.path() + ".",
                List.of());
        return ActiveAttempt.giveUp(attempt, failure, now);
    }

    /** Whether the status already tells what is committed. */
    static boolean committed(DatabaseBackupStatus status) {
        return status != null && status.sha256() != null;
    }
}
