package dev.mainstay.core.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.BackupPolicySpec;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.Durations;
import dev.mainstay.core.schedule.Jitter;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What holds for a backup of a slot alone: it is of use at its time only, and waits neither for ever nor in a queue. */
public final class SlotBackup {

    private SlotBackup() {}

    /** The slot that it was made for; empty for a backup that a person or a tool asked for. */
    public static Optional<Instant> slot(DatabaseBackup backup) {
        return Optional.ofNullable(backup.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.SLOT))
                .flatMap(SlotBackup::instant);
    }

    /** Whether a restore has made it of the database that it was to replace, with whatever was wrong in it. */
    public static boolean madeBeforeRestore(DatabaseBackup backup) {
        return backup.getMetadata().getAnnotations() != null
                && backup.getMetadata().getAnnotations().containsKey(Annotations.MADE_BEFORE);
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /**
     * What becomes of it before its first attempt, if it is not to be tried.
     *
     * @param blocked what stands against an attempt just now; null when nothing does
     */
    static Optional<BackupDecision> notTried(BackupObservation observation, BackupDecision blocked, Instant now) {
        DatabaseBackup backup = observation.backup();
        if (slot(backup).isEmpty()) {
            return Optional.empty();
        }
        Optional<DatabaseBackup> running = running(backup, observation.others());
        if (running.isPresent()) {
            return Optional.of(new BackupDecision.Skip(failure(
                    Reason.STILL_RUNNING,
                    "DatabaseBackup " + running.get().getMetadata().getName()
                            + " of the same policy was not finished when this slot came. If that happens often, let the"
                            + " schedule run less often.")));
        }
        return switch (blocked) {
            case BackupDecision.Wait wait
            when over(observation, now) ->
                Optional.of(new BackupDecision.Skip(failure(wait.reason(), tooLate(observation) + wait.message())));
            case BackupDecision.Stuck stuck
            when over(observation, now) ->
                Optional.of(new BackupDecision.Fail(failure(stuck.reason(), tooLate(observation) + stuck.message())));
            case null, default -> Optional.empty();
        };
    }

    /**
     * Why its attempt, of which no Job could be made until its time was over, is given up; empty when it may still be tried.
     *
     * @param blocked what stands against the attempt just now; null when nothing does, and the API server may refuse the Job
     */
    static Optional<Failure> givenUp(BackupObservation observation, BackupDecision blocked, Instant now) {
        if (slot(observation.backup()).isEmpty() || !over(observation, now)) {
            return Optional.empty();
        }
        return switch (blocked) {
            case BackupDecision.Wait wait -> Optional.of(failure(wait.reason(), tooLate(observation) + wait.message()));
            case BackupDecision.Stuck stuck ->
                Optional.of(failure(stuck.reason(), tooLate(observation) + stuck.message()));
            case null, default ->
                refused(observation.backup().getStatus())
                        .map(condition ->
                                new Failure(condition.reason(), tooLate(observation) + condition.message(), List.of()));
        };
    }

    private static Optional<Condition> refused(DatabaseBackupStatus status) {
        return Conditions.find(status.conditions(), "Stalled");
    }

    /** The first of the policy's backups that was there before this one and is being made. */
    private static Optional<DatabaseBackup> running(DatabaseBackup backup, List<DatabaseBackup> others) {
        Comparator<DatabaseBackup> age = Comparator.comparing(
                        (DatabaseBackup other) -> other.getMetadata().getCreationTimestamp())
                .thenComparing(other -> other.getMetadata().getName());
        return others.stream()
                .filter(other -> age.compare(other, backup) < 0)
                .filter(other -> other.getMetadata().getDeletionTimestamp() == null)
                .filter(SlotBackup::isMade)
                .min(age);
    }

    /** A backup that a person asked for may wait for a person for ever, and must not keep the schedule from its work. */
    private static boolean isMade(DatabaseBackup other) {
        DatabaseBackupStatus status = other.getStatus();
        if (status != null && status.phase() != null && status.phase().terminal() || AttachedBackup.waits(other)) {
            return false;
        }
        return slot(other).isPresent()
                || status != null
                        && status.attempts().stream()
                                .anyMatch(attempt -> attempt.job() != null
                                        && attempt.state() != AttemptState.FAILED
                                        && attempt.state() != AttemptState.SUCCEEDED);
    }

    private static boolean over(BackupObservation observation, Instant now) {
        return readable(observation) && now.isAfter(startBy(observation));
    }

    /** A policy that is away, or whose spec can't be read, says no time; it is waited for as others wait for it. */
    private static boolean readable(BackupObservation observation) {
        return observation.policy() != null && observation.policy().getSpec() != null;
    }

    private static Instant startBy(BackupObservation observation) {
        BackupPolicySpec spec = observation.policy().getSpec();
        return slot(observation.backup())
                .orElseThrow()
                .plus(Jitter.of(observation.policy().getMetadata().getUid(), Durations.parse(spec.jitter())))
                .plus(Durations.parse(spec.startingDeadline()));
    }

    private static String tooLate(BackupObservation observation) {
        return "It could not start by " + startBy(observation) + ", when spec.startingDeadline of BackupPolicy "
                + observation.policy().getMetadata().getName() + ", "
                + observation.policy().getSpec().startingDeadline() + ", was over: ";
    }

    private static Failure failure(Reason reason, String message) {
        return new Failure(reason.text(), message, List.of());
    }
}
