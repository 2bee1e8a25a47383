package dev.mainstay.core.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DeletionPolicy;
import dev.mainstay.core.backup.BackupDecision.MakeJob;
import dev.mainstay.core.backup.BackupDecision.Pace;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the deletion of a finished backup does to its data: a pure function. Two keys remove it, the policy's
 * {@code deletionPolicy} and an annotation of the object; a finalizer stands while both are there. Whatever is in the way,
 * the object goes after a while, and then it is told that its data stays: an object that can't be deleted keeps a whole
 * namespace from going.
 */
public final class DataDeletion {

    /** How long a deletion waits for the data to be removed. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    /** How much later each try follows. */
    static final Duration BETWEEN = Duration.ofMinutes(1);

    private DataDeletion() {}

    /** What is to be done now. */
    public sealed interface Step {

        /** Nothing. */
        record Nothing() implements Step {}

        /** The finalizer is to be added. */
        record Arm() implements Step {}

        /** The finalizer is to be taken away from an object that lives on. */
        record Disarm() implements Step {}

        /** The Job that removes the data is to be made. */
        record Remove(MakeJob job) implements Step {}

        /** The data is being removed, or something stands against it. */
        record Wait(String message, Duration lookAgain) implements Step {}

        /** The finalizer is to be taken away, and an Event is to tell what became of the data. */
        record Release(Reason reason, String message) implements Step {}
    }

    /** Whether there is anything to decide: most objects have neither the annotation nor the finalizer. */
    public static boolean concerns(DatabaseBackup backup) {
        return armed(backup)
                || backup.getMetadata().getDeletionTimestamp() == null
                        && holds(backup, Annotations.ALLOW_DATA_DELETION)
                        && PolicyHistory.phase(backup) == BackupPhase.SUCCEEDED;
    }

    /** Decides. */
    public static Step decide(BackupObservation observation, Instant now) {
        DatabaseBackup backup = observation.backup();
        boolean wanted = PolicyHistory.phase(backup) == BackupPhase.SUCCEEDED
                && holds(backup, Annotations.ALLOW_DATA_DELETION)
                && deletes(observation.policy());
        if (backup.getMetadata().getDeletionTimestamp() != null) {
            return armed(backup) ? delete(observation, wanted, now) : new Step.Nothing();
        }
        if (wanted == armed(backup)) {
            return new Step.Nothing();
        }
        return wanted ? new Step.Arm() : new Step.Disarm();
    }

    private static Step delete(BackupObservation observation, boolean wanted, Instant now) {
        DatabaseBackup backup = observation.backup();
        if (backup.unreadableStatus().isPresent()) {
            return new Step.Release(
                    Reason.DATA_RETAINED,
                    "The data stays: the status, which another version of Mainstay wrote, can't be read.");
        }
        if (PolicyHistory.phase(backup) == BackupPhase.EXPIRED) {
            return new Step.Release(Reason.DATA_REMOVED, "Retention had removed the data before.");
        }
        if (holds(backup, Annotations.FORCE_RELEASE)) {
            Optional<String> problem = stored(backup).flatMap(attempt -> problem(observation, attempt));
            return retained(
                    backup,
                    "annotation " + Annotations.FORCE_RELEASE + " ended the wait for it."
                            + problem.map(told -> " The last Job could not remove it: " + told)
                                    .orElse(""));
        }
        if (!wanted) {
            return retained(
                    backup,
                    "annotation " + Annotations.ALLOW_DATA_DELETION + ", or deletionPolicy Delete of BackupPolicy "
                            + backup.getSpec().policyRef().name() + ", is not there any more.");
        }
        Optional<Attempt> attempt = stored(backup);
        return attempt.isEmpty()
                ? retained(backup, "the status names no attempt at this place.")
                : remove(observation, attempt.get(), now);
    }

    /** The attempt whose data it is. */
    private static Optional<Attempt> stored(DatabaseBackup backup) {
        String location = backup.getStatus().location();
        return backup.getStatus().attempts().stream()
                .filter(attempt -> attempt.path() != null && attempt.path().equals(location))
                .findFirst();
    }

    private static Step remove(BackupObservation observation, Attempt attempt, Instant now) {
        DatabaseBackup backup = observation.backup();
        Instant until =
                Instant.parse(backup.getMetadata().getDeletionTimestamp()).plus(LONGEST);
        List<JobObservation> tries = tries(observation, attempt);
        String problem = null;
        for (JobObservation job : tries) {
            Optional<TaskResult> result = result(job);
            if (result.isPresent() && result.get().outcome() == Outcome.ABORTED) {
                return new Step.Release(
                        Reason.DATA_REMOVED, "The data at " + backup.getStatus().location() + " was removed.");
            }
            if (result.isEmpty() && !ended(job, now)) {
                return now.isBefore(until)
                        ? new Step.Wait(
                                "Job " + job.name() + " removes the data."
                                        + (problem == null ? "" : " The one before could not: " + problem),
                                Pace.RUNNING)
                        : late(backup, "Job " + job.name() + " has not ended.");
            }
            problem = result.map(ActiveAttempt::text)
                    .orElseGet(
                            () -> PodTrouble.withoutResult("remove task", job).message());
        }
        return again(observation, attempt, tries.size() + 1, until, problem, now);
    }

    /** The Jobs that were made to remove the data, in their order. */
    private static List<JobObservation> tries(BackupObservation observation, Attempt attempt) {
        return IntStream.iterate(1, sequence -> sequence + 1)
                .mapToObj(sequence -> observation
                        .jobs()
                        .get(BackupDecider.jobName(observation.backup(), attempt, TaskKind.REMOVE, sequence)))
                .takeWhile(Objects::nonNull)
                .toList();
    }

    private static Optional<TaskResult> result(JobObservation job) {
        return Optional.ofNullable(job.pod()).flatMap(pod -> TaskJson.readResult(pod.terminationMessage()));
    }

    /** What the last Job with a result said, if it did not remove the data. */
    private static Optional<String> problem(BackupObservation observation, Attempt attempt) {
        return tries(observation, attempt).stream()
                .flatMap(job -> result(job).stream())
                .filter(result -> result.outcome() != Outcome.ABORTED)
                .map(ActiveAttempt::text)
                .reduce((earlier, later) -> later);
    }

    private static boolean ended(JobObservation job, Instant now) {
        boolean started = job.pod() != null && job.pod().started();
        return !job.ours() || job.dead(now) || !started && ActiveAttempt.startTimeIsOver(job, now);
    }

    private static Step again(
            BackupObservation observation, Attempt attempt, int sequence, Instant until, String problem, Instant now) {
        DatabaseBackup backup = observation.backup();
        Optional<String> stuck = BackupDecider.blocked(observation, now) instanceof BackupDecision.Stuck blocked
                ? Optional.of(blocked.message())
                : Optional.empty();
        if (!now.isBefore(until)) {
            return late(backup, stuck.orElse(problem));
        }
        Instant due = until.minus(LONGEST).plus(BETWEEN.multipliedBy(sequence - 1L));
        if (stuck.isPresent() || now.isBefore(due)) {
            return new Step.Wait(
                    "The data could not be removed yet, which is tried until " + until + ": " + stuck.orElse(problem),
                    Pace.RUNNING);
        }
        return new Step.Remove((MakeJob) BackupDecider.makeJob(
                observation,
                BackupDecider.database(observation),
                attempt,
                TaskKind.REMOVE,
                BackupDecider.jobName(backup, attempt, TaskKind.REMOVE, sequence),
                now));
    }

    private static Step late(DatabaseBackup backup, String problem) {
        return retained(
                backup,
                "it could not be removed within " + LONGEST.toMinutes() + " minutes"
                        + (problem == null ? "." : ": " + problem));
    }

    /** What stands against it will not pass while the object waits, as in a namespace that is being deleted. */
    public static Step.Release retained(DatabaseBackup backup, String why) {
        return new Step.Release(
                Reason.DATA_RETAINED,
                "What is left of the data stays at " + backup.getStatus().location() + ": " + why);
    }

    private static boolean deletes(BackupPolicy policy) {
        return policy != null && policy.getSpec() != null && policy.getSpec().deletionPolicy() == DeletionPolicy.DELETE;
    }

    /** Whether its finalizer is there. */
    public static boolean armed(DatabaseBackup backup) {
        return backup.getMetadata().getFinalizers().contains(Annotations.DATA_FINALIZER);
    }

    private static boolean holds(DatabaseBackup backup, String annotation) {
        Map<String, String> annotations = backup.getMetadata().getAnnotations();
        return annotations != null && "true".equals(annotations.get(annotation));
    }
}
