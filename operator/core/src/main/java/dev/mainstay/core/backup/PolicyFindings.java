package dev.mainstay.core.backup;

import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.PreflightStatus;
import dev.mainstay.api.backup.RetentionOutcome;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.ByteSizes;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a policy's backups tell of the store, of retention, and of their sizes. */
final class PolicyFindings {

    /** Reasons that tell of the store, not of the database. */
    private static final Set<Reason> STORAGE =
            EnumSet.of(Reason.STORAGE_UNREACHABLE, Reason.STORAGE_DENIED, Reason.OWNED_BY_OTHER, Reason.UPLOAD_FAILED);

    /** Backups that the newest one's size is compared with. */
    private static final int COMPARED = 7;

    /** Fewer say nothing of what is usual. */
    private static final int FEWEST_COMPARED = 3;

    private final BackupPolicy policy;
    private final PolicyHistory history;
    private final PreflightStatus preflight;

    PolicyFindings(BackupPolicy policy, PolicyHistory history, PreflightStatus preflight) {
        this.policy = policy;
        this.history = history;
        this.preflight = preflight;
    }

    /** Sets the conditions; what no backup tells of any more stays as it was told. */
    void tell(Conditions conditions) {
        preflight(conditions);
        storage(conditions);
        retention(conditions);
        size(conditions);
    }

    private void preflight(Conditions conditions) {
        if (preflight == null) {
            conditions.keep("PreflightPassed");
            return;
        }
        if (preflight.errors() == null) {
            conditions.set(
                    "PreflightPassed",
                    ConditionStatus.UNKNOWN,
                    reason(preflight.problem()),
                    "It could not be looked whether backups would succeed: "
                            + preflight.problem().message()
                            + " It is tried again within a quarter of an hour.");
            return;
        }
        String where = preflight.configMap() == null ? "" : ", see ConfigMap " + preflight.configMap();
        String first =
                preflight.problem() == null ? "" : " " + preflight.problem().message();
        if (preflight.errors() > 0) {
            conditions.set(
                    "PreflightPassed",
                    ConditionStatus.FALSE,
                    Reason.GAPS_FOUND,
                    count(preflight.errors(), "gap") + where + ":" + first);
        } else {
            conditions.set(
                    "PreflightPassed",
                    ConditionStatus.TRUE,
                    Reason.PASSED,
                    "Nothing keeps backups from succeeding"
                            + (preflight.warnings() == 0
                                    ? "."
                                    : "; " + count(preflight.warnings(), "warning") + where + ":" + first));
        }
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static Reason reason(Failure failure) {
        return Reason.of(failure.reason()).orElse(Reason.INTERNAL_ERROR);
    }

    /** The newest who spoke with the store tells of it. */
    private boolean preflightIsNewer(Optional<DatabaseBackup> backup) {
        return preflight != null
                && preflight.errors() != null
                && backup.map(found -> found.getStatus().completedAt())
                        .filter(preflight.checkedAt()::isBefore)
                        .isEmpty();
    }

    private void storage(Conditions conditions) {
        Optional<DatabaseBackup> telling = history.newestFirst(BackupPhase.SUCCEEDED, BackupPhase.FAILED)
                .filter(PolicyFindings::tellsOfStorage)
                .findFirst();
        if (preflightIsNewer(telling)) {
            boolean reachable = preflight.storage() == null;
            conditions.set(
                    "StorageReachable",
                    reachable ? ConditionStatus.TRUE : ConditionStatus.FALSE,
                    reachable ? Reason.PASSED : reason(preflight.storage()),
                    reachable
                            ? "A preflight did in the store all that backups do."
                            : preflight.storage().message());
            return;
        }
        if (telling.isEmpty()) {
            conditions.keep("StorageReachable");
            return;
        }
        DatabaseBackup backup = telling.get();
        boolean stored = PolicyHistory.phase(backup) == BackupPhase.SUCCEEDED;
        String self = "DatabaseBackup " + backup.getMetadata().getName();
        conditions.set(
                "StorageReachable",
                stored ? ConditionStatus.TRUE : ConditionStatus.FALSE,
                stored ? Reason.SUCCEEDED : failureReason(backup).orElse(Reason.INTERNAL_ERROR),
                stored
                        ? self + " was stored."
                        : self + ": " + backup.getStatus().failure().message());
    }

    private void retention(Conditions conditions) {
        if (policy.unreadableSpec().isPresent() || policy.getSpec().retention() == null) {
            return;
        }
        Optional<DatabaseBackup> last = history.lastRetention();
        if (last.isEmpty()) {
            conditions.keep("RetentionApplied");
            return;
        }
        RetentionOutcome outcome = last.get().getStatus().retention();
        String self = "After DatabaseBackup " + last.get().getMetadata().getName();
        if (outcome.reason() != null) {
            conditions.set(
                    "RetentionApplied",
                    ConditionStatus.FALSE,
                    Reason.of(outcome.reason()).orElse(Reason.INTERNAL_ERROR),
                    self + ": " + outcome.message());
        } else if (outcome.wouldRemove() != null) {
            conditions.set(
                    "RetentionApplied",
                    ConditionStatus.FALSE,
                    Reason.DRY_RUN,
                    outcome.wouldRemove() == 0
                            ? self + " nothing would have been removed: the rules keep every backup."
                            : self + " " + count(outcome.wouldRemove())
                                    + " would have been removed. The log of its Job says which; set"
                                    + " spec.retention.dryRun to false to have it done.");
        } else {
            conditions.set(
                    "RetentionApplied",
                    ConditionStatus.TRUE,
                    Reason.APPLIED,
                    self + " " + count(outcome.removed()) + (outcome.removed() == 1 ? " was" : " were") + " removed.");
        }
    }

    private static String count(int backups) {
        return count(backups, "backup");
    }

    private static boolean tellsOfStorage(DatabaseBackup backup) {
        return PolicyHistory.phase(backup) == BackupPhase.SUCCEEDED
                || failureReason(backup).filter(STORAGE::contains).isPresent();
    }

    private static Optional<Reason> failureReason(DatabaseBackup backup) {
        return Optional.ofNullable(backup.getStatus().failure()).flatMap(failure -> Reason.of(failure.reason()));
    }

    /** A backup that is suddenly small is whole and proven, and may still be of a database that somebody has emptied. */
    private void size(Conditions conditions) {
        List<DatabaseBackup> backups = history.newestFirst(BackupPhase.SUCCEEDED, BackupPhase.EXPIRED)
                .filter(backup -> !SlotBackup.madeBeforeRestore(backup))
                .filter(backup -> backup.getStatus().size() != null
                        && backup.getStatus().size().storedBytes() != null)
                .limit(COMPARED + 1L)
                .toList();
        if (backups.size() <= FEWEST_COMPARED) {
            conditions.keep("SizeUsual");
            return;
        }
        long newest = bytes(backups.getFirst());
        long median = median(backups.stream().skip(1).map(PolicyFindings::bytes).toList());
        boolean usual = newest >= median / 2;
        conditions.set(
                "SizeUsual",
                usual ? ConditionStatus.TRUE : ConditionStatus.FALSE,
                usual ? Reason.SUCCEEDED : Reason.SIZE_DROPPED,
                "DatabaseBackup " + backups.getFirst().getMetadata().getName() + " has " + ByteSizes.format(newest)
                        + (usual ? ", at least" : ", less than") + " half of the " + ByteSizes.format(median)
                        + " that is the median of the " + (backups.size() - 1) + " before it."
                        + (usual ? "" : " See whether data is missing in the database."));
    }

    private static long bytes(DatabaseBackup backup) {
        return backup.getStatus().size().storedBytes();
    }

    private static long median(List<Long> sizes) {
        List<Long> sorted = sizes.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : sorted.get(middle - 1) + (sorted.get(middle) - sorted.get(middle - 1)) / 2;
    }
}
