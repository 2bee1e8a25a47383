package dev.mainstay.core.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupFailureSummary;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.BackupSummary;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.RetentionOutcome;
import dev.mainstay.api.backup.StoredSummary;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.schedule.SkippedSlot;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a policy's backups came to. Objects are deleted in time, so what was told of them before counts as well. */
final class PolicyHistory {

    private static final Comparator<DatabaseBackup> BY_END = Comparator.comparing(
                    (DatabaseBackup backup) -> backup.getStatus().completedAt())
            .thenComparing(backup -> backup.getMetadata().getName());

    /** Reasons of backups that somebody else ended. */
    private static final Set<String> ENDED = Set.of(Reason.CANCELLED.text(), Reason.PREEMPTED.text());

    private final BackupPolicyStatus before;
    private final List<DatabaseBackup> ended;

    PolicyHistory(BackupPolicyStatus before, List<DatabaseBackup> backups) {
        this.before = before;
        this.ended = backups.stream()
                .filter(backup -> phase(backup).terminal() && backup.getStatus().completedAt() != null)
                .sorted(BY_END)
                .toList();
    }

    static BackupPhase phase(DatabaseBackup backup) {
        return backup.getStatus() == null || backup.getStatus().phase() == null
                ? BackupPhase.PENDING
                : backup.getStatus().phase();
    }

    /** Those that ended in a phase, newest first. */
    Stream<DatabaseBackup> newestFirst(BackupPhase... phases) {
        List<BackupPhase> wanted = List.of(phases);
        return ended.reversed().stream().filter(backup -> wanted.contains(phase(backup)));
    }

    /** What was made before a restore holds what the restore took away: it is not what a policy promises. */
    private Stream<DatabaseBackup> successes() {
        return newestFirst(BackupPhase.SUCCEEDED).filter(backup -> !SlotBackup.madeBeforeRestore(backup));
    }

    BackupSummary lastSuccess() {
        return successes().findFirst().map(PolicyHistory::summary).orElse(before == null ? null : before.lastSuccess());
    }

    /**
     * The newest that is proven at this level at least; null when there is none. What was told before counts only while no
     * object tells: data may have been removed together with the newest one.
     */
    BackupSummary lastGood(VerificationLevel level) {
        return successes()
                .map(PolicyHistory::summary)
                .filter(summary -> isGood(summary, level))
                .findFirst()
                .or(() -> Optional.ofNullable(before == null ? null : before.lastSuccess())
                        .filter(summary -> isGood(summary, level)))
                .orElse(null);
    }

    /** The newest that a restore test may take. */
    Optional<DatabaseBackup> newestRestorable() {
        return successes().filter(PolicyHistory::isRestorable).findFirst();
    }

    /** Whether its data can be restored, and is what a policy promises. */
    static boolean isRestorable(DatabaseBackup backup) {
        return phase(backup) == BackupPhase.SUCCEEDED
                && backup.getStatus().location() != null
                && backup.getMetadata().getDeletionTimestamp() == null
                && !SlotBackup.madeBeforeRestore(backup);
    }

    private static boolean isGood(BackupSummary summary, VerificationLevel level) {
        return summary.verified() != null && summary.verified().compareTo(level) >= 0;
    }

    /** What was ended says nothing of whether backups work. */
    private Stream<DatabaseBackup> failures() {
        return newestFirst(BackupPhase.FAILED)
                .filter(backup -> backup.getStatus().failure() == null
                        || !ENDED.contains(backup.getStatus().failure().reason()));
    }

    BackupFailureSummary lastFailure() {
        return failures()
                .findFirst()
                .map(PolicyHistory::failureSummary)
                .orElse(before == null ? null : before.lastFailure());
    }

    /**
     * Failures since the last success. Some of them may have been removed since, so those that are newer than the last one
     * told of are added to what was told; several may end in one second, so all that are there count in any case.
     */
    int consecutiveFailures() {
        Optional<Instant> success = Optional.ofNullable(lastSuccess()).map(BackupSummary::completedAt);
        List<DatabaseBackup> failures = failures()
                .filter(backup -> success.filter(
                                at -> !backup.getStatus().completedAt().isAfter(at))
                        .isEmpty())
                .toList();
        BackupFailureSummary told = before == null ? null : before.lastFailure();
        boolean goesOn = told != null
                && told.completedAt() != null
                && before.consecutiveFailures() != null
                && success.filter(at -> !at.isBefore(told.completedAt())).isEmpty();
        if (!goesOn) {
            return failures.size();
        }
        long more = failures.stream().filter(backup -> isAfter(backup, told)).count();
        return Math.max(before.consecutiveFailures() + (int) more, failures.size());
    }

    private static boolean isAfter(DatabaseBackup backup, BackupFailureSummary told) {
        int order = backup.getStatus().completedAt().compareTo(told.completedAt());
        return order > 0 || order == 0 && backup.getMetadata().getName().compareTo(told.name()) > 0;
    }

    /** The newest slot whose backup was not made; the later of what the clock tells and what the backups tell. */
    SkippedSlot lastSkipped(SkippedSlot clock) {
        return newestFirst(BackupPhase.SKIPPED)
                .filter(backup ->
                        backup.getStatus().slot() != null && backup.getStatus().failure() != null)
                .map(backup -> new SkippedSlot(
                        backup.getStatus().slot(),
                        backup.getStatus().failure().reason(),
                        Conditions.cut(backup.getStatus().failure().message())))
                .filter(skipped -> clock == null || skipped.slot().isAfter(clock.slot()))
                .max(Comparator.comparing(SkippedSlot::slot))
                .orElse(clock);
    }

    /** Backups of slots that hold no data, without the newest of each kind. What a person asked for is never among them. */
    List<DatabaseBackup> moreThan(int limit) {
        List<DatabaseBackup> surplus = new ArrayList<>();
        for (BackupPhase phase : List.of(BackupPhase.FAILED, BackupPhase.SKIPPED)) {
            newestFirst(phase).filter(PolicyHistory::ofSlot).skip(limit).forEach(surplus::add);
        }
        return surplus;
    }

    /** Backups of slots whose data is gone. */
    List<DatabaseBackup> expired() {
        return newestFirst(BackupPhase.EXPIRED).filter(PolicyHistory::ofSlot).toList();
    }

    /** What the newest backup that retention ran after tells of it; empty when there is none. */
    Optional<DatabaseBackup> lastRetention() {
        return newestFirst(BackupPhase.SUCCEEDED)
                .filter(backup -> backup.getStatus().retention() != null)
                .findFirst();
    }

    /** What was in the bucket last; null when nobody knows. */
    StoredSummary stored() {
        return newestFirst(BackupPhase.SUCCEEDED)
                .map(backup -> backup.getStatus().retention())
                .filter(retention -> retention != null && retention.stored() != null)
                .findFirst()
                .map(RetentionOutcome::stored)
                .orElse(before == null ? null : before.stored());
    }

    private static boolean ofSlot(DatabaseBackup backup) {
        return backup.getMetadata().getAnnotations() != null
                && backup.getMetadata().getAnnotations().containsKey(Annotations.SLOT)
                && Objects.isNull(backup.getMetadata().getDeletionTimestamp());
    }

    private static BackupSummary summary(DatabaseBackup backup) {
        DatabaseBackupStatus status = backup.getStatus();
        return new BackupSummary(
                backup.getMetadata().getName(),
                status.completedAt(),
                status.verified() == null ? null : status.verified().level(),
                status.size() == null ? null : status.size().stored(),
                status.location());
    }

    private static BackupFailureSummary failureSummary(DatabaseBackup backup) {
        DatabaseBackupStatus status = backup.getStatus();
        return new BackupFailureSummary(
                backup.getMetadata().getName(),
                status.completedAt(),
                status.failure() == null ? null : status.failure().reason(),
                status.failure() == null
                        ? null
                        : Conditions.cut(status.failure().message()));
    }
}
