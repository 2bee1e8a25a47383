package dev.mainstay.core.backup;

import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicySpec;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.RetentionOutcome;
import dev.mainstay.api.backup.StoredSummary;
import dev.mainstay.core.ByteSizes;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.retention.RetentionRules;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.task.RetentionReport;
import dev.mainstay.core.task.Task.Retention;
import dev.mainstay.core.task.TaskKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a task is told of the policy's retention, and what follows from its answer. Data is removed by the runner alone; the
 * objects of what it removed become {@code Expired} here, each by itself, so that any end in the middle is caught up with.
 */
final class BackupRetention {

    /** Objects that become {@code Expired} in one pass; the next one goes on. */
    private static final int A_PASS = 50;

    private BackupRetention() {}

    /** What a task of an attempt is told; null when it leaves all other backups alone. */
    static Retention of(BackupObservation observation, Attempt attempt, TaskKind kind) {
        // An older backup may be the one that is being restored, or the one to be restored next.
        boolean spares = observation.claim().restoring() || SlotBackup.madeBeforeRestore(observation.backup());
        return spares || kind != TaskKind.BACKUP && kind != TaskKind.VERIFY
                ? null
                : of(observation.backup(), observation.policy().getSpec(), attempt, observation.others());
    }

    /**
     * What a task that proves a backup is told; null for a policy without retention. Even to count what is there takes a
     * request for each backup.
     */
    static Retention of(DatabaseBackup backup, BackupPolicySpec spec, Attempt attempt, List<DatabaseBackup> others) {
        return spec.retention() == null
                ? null
                : new Retention(
                        spec.timeZone(),
                        RetentionRules.of(spec.retention()),
                        spec.retention().dryRun(),
                        newerFailed(attempt, others),
                        finished(backup, attempt, others));
    }

    /** A backup that was asked for later may have failed while this one was made. */
    private static boolean newerFailed(Attempt attempt, List<DatabaseBackup> others) {
        return others.stream()
                .filter(other -> other.getStatus() != null)
                .flatMap(other -> other.getStatus().attempts().stream())
                .filter(other -> other.plannedAt() != null && other.plannedAt().isAfter(attempt.plannedAt()))
                .max((one, other) -> one.plannedAt().compareTo(other.plannedAt()))
                .filter(newest -> newest.state() == AttemptState.FAILED)
                .isPresent();
    }

    /**
     * Names of the folders of finished backups. Where there are more than are looked at, the backup's uid says which: in
     * time each one's turn comes.
     */
    private static List<String> finished(DatabaseBackup backup, Attempt attempt, List<DatabaseBackup> others) {
        String parent = Names.parentFolder(attempt.path());
        List<String> folders = new ArrayList<>(others.stream()
                .filter(other -> isThere(other) && parent.equals(Names.parentFolder(location(other))))
                .map(other -> location(other)
                        .substring(parent.length(), location(other).length() - 1))
                .sorted()
                .toList());
        if (folders.size() > Retention.MOST_FINISHED) {
            Collections.rotate(
                    folders, Math.floorMod(backup.getMetadata().getUid().hashCode(), folders.size()));
        }
        return folders.stream().limit(Retention.MOST_FINISHED).toList();
    }

    /** The backups that the answer calls gone and whose objects don't say so yet, as many as a pass takes. */
    static List<DatabaseBackup> expired(
            BackupObservation observation, Attempt attempt, JobObservation job, RetentionReport report) {
        if (report == null) {
            return List.of();
        }
        String parent = Names.parentFolder(attempt.path());
        Set<String> gone = new HashSet<>();
        for (int number : report.expiredNumbers()) {
            if (number < job.finishedBackups().size()) {
                gone.add(parent + job.finishedBackups().get(number) + "/");
            }
        }
        return observation.others().stream()
                .filter(other -> isThere(other) && gone.contains(location(other)))
                .limit(A_PASS)
                .toList();
    }

    private static boolean isThere(DatabaseBackup backup) {
        return PolicyHistory.phase(backup) == BackupPhase.SUCCEEDED
                && backup.getStatus().location() != null
                && backup.getMetadata().getDeletionTimestamp() == null;
    }

    private static String location(DatabaseBackup backup) {
        return backup.getStatus().location();
    }

    /** The answer as the backup's status tells it; null when there was none. */
    static RetentionOutcome outcome(RetentionReport report) {
        if (report == null) {
            return null;
        }
        RetentionReport.Stored stored = report.stored();
        return new RetentionOutcome(
                report.removed(),
                report.wouldRemove(),
                stored == null
                        ? null
                        : new StoredSummary(
                                stored.count(),
                                stored.bytes(),
                                ByteSizes.format(stored.bytes()),
                                stored.oldest(),
                                stored.newest()),
                report.reason(),
                report.message() == null ? null : Conditions.cut(report.message()));
    }
}
