package dev.mainstay.runner.backup;

import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.retention.RetentionPlan;
import dev.mainstay.core.retention.RetentionPlanner;
import dev.mainstay.core.retention.RetentionRequest;
import dev.mainstay.core.retention.StoredBackup;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RetentionReport;
import dev.mainstay.core.task.RetentionReport.Stored;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.Retention;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import dev.mainstay.runner.backup.StoredBackups.Found;
import dev.mainstay.runner.storage.ObjectStore;
import dev.mainstay.runner.storage.Stores;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what no rule keeps, as the last act after a backup is proven. Whatever goes wrong here is told beside the
 * result, and doesn't change it.
 */
final class RetentionRun {

    private static final Logger LOG = LoggerFactory.getLogger(RetentionRun.class);

    /** What is left then is removed after the next backup. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private static final int MOST_LINES = 1000;

    private final TaskContext context;
    private final Task task;
    private final Retention retention;
    private final ObjectStore store;
    private final List<StoredBackup> stored = new ArrayList<>();
    private boolean known;
    private int removed;
    private Integer wouldRemove;
    private String expired;
    private TaskFailure problem;
    private int problems;

    RetentionRun(TaskContext context, ObjectStore store) {
        this.context = context;
        this.task = context.task();
        this.retention = task.retention();
        this.store = store;
    }

    /** The result with what came of retention, if the backup is proven as far as asked and retention is asked for. */
    static TaskResult after(TaskContext context, Stores stores, TaskResult result) {
        if (!isProven(context.task(), result)) {
            return result;
        }
        if (context.task().retention() == null) {
            StaleUploads.abort(stores.patient(), context.task(), context.clock().instant());
            return result;
        }
        return result.with(new RetentionRun(context, stores.patient()).run());
    }

    private static boolean isProven(Task task, TaskResult result) {
        VerificationLevel level = task.verification() == null ? VerificationLevel.NONE : task.verification();
        return result.outcome() == Outcome.COMMITTED
                && result.backup() != null
                && result.backup().verified().compareTo(level) >= 0;
    }

    /** Does it all, and tells what came of it. */
    RetentionReport run() {
        try {
            work();
        } catch (TaskFailure failure) {
            trouble(context.stop().cause().orElse(failure));
        } catch (RuntimeException unexpected) {
            LOG.error("unexpected", unexpected);
            trouble(new TaskFailure(
                    Reason.INTERNAL_ERROR,
                    "unexpected " + unexpected.getClass().getSimpleName() + ": " + unexpected.getMessage()
                            + ". Please report it with this Job's log."));
        }
        return report();
    }

    private void work() {
        Owner owner = new Ownership(store, task).check();
        Found found = new StoredBackups(store, task.policyPath()).find(owner);
        stored.addAll(found.backups());
        known = true;
        RetentionPlan plan = RetentionPlanner.plan(new RetentionRequest(
                retention.rules(),
                task.verification() == null ? VerificationLevel.NONE : task.verification(),
                found.backups(),
                zone(),
                context.clock().instant(),
                retention.newestFailed()));
        if (retention.dryRun()) {
            tell(plan);
        } else {
            carryOut(plan, found.dead());
            StaleUploads.abort(store, task, context.clock().instant());
        }
        expired = RetentionReport.encode(expired());
    }

    private ZoneId zone() {
        try {
            return ZoneId.of(retention.zone());
        } catch (DateTimeException | NullPointerException e) {
            throw new TaskFailure(
                    Reason.INVALID_SPEC,
                    "BackupPolicy " + task.origin().namespace() + "/"
                            + task.origin().policy()
                            + ", spec.timeZone: this runner knows no zone " + retention.zone()
                            + ". Nothing was removed.");
        }
    }

    private void tell(RetentionPlan plan) {
        wouldRemove = plan.removed().size();
        LOG.info("dry run: {} of {} backups would be removed", wouldRemove, stored.size());
        plan.lines().limit(MOST_LINES).forEach(line -> LOG.info("| {}", line));
        if (stored.size() > MOST_LINES) {
            LOG.info("| … and {} older ones", stored.size() - MOST_LINES);
        }
    }

    private void carryOut(RetentionPlan plan, List<String> dead) {
        Removal removal = new Removal(store, task, context.clock());
        Instant end = context.clock().instant().plus(LIMIT);
        Set<StoredBackup> gone = new HashSet<>();
        try {
            for (StoredBackup backup : plan.removed().reversed()) {
                if (context.clock().instant().isAfter(end)) {
                    LOG.info(
                            "{} backups are left to be removed after the next one",
                            plan.removed().size() - removed);
                    return;
                }
                remove(removal, backup, gone);
            }
            for (String folder : dead) {
                attempt(removal, () -> removal.sweep(task.policyPath() + folder + "/"));
            }
        } finally {
            stored.removeAll(gone);
        }
    }

    private void remove(Removal removal, StoredBackup backup, Set<StoredBackup> gone) {
        String path = task.policyPath() + backup.path() + "/";
        attempt(
                removal,
                () -> removal.remove(path, this::mayGo, () -> {
                    LOG.info("removing {}", store.describe(path));
                    gone.add(backup);
                    removed++;
                }));
    }

    /** A manifest is written once; that it still says what the plan was made from is looked at all the same. */
    private boolean mayGo(Manifest manifest) {
        Instant keepUntil = manifest.backup().keepUntil();
        return keepUntil == null || !keepUntil.isAfter(context.clock().instant());
    }

    /**
     * A backup that the store keeps doesn't keep the others from being removed. A store that can't be reached does, and an
     * access key that may delete nothing.
     */
    private void attempt(Removal removal, Runnable step) {
        try {
            step.run();
        } catch (TaskFailure failure) {
            boolean kept = failure.reason() == Reason.RETAINED
                    || failure.reason() == Reason.STORAGE_DENIED && removal.mayDelete();
            if (!kept) {
                throw failure;
            }
            trouble(failure);
        }
    }

    private void trouble(TaskFailure failure) {
        LOG.warn("retention: {}", failure.getMessage());
        problem = problem == null ? failure : problem;
        problems++;
    }

    /** Numbers of finished backups that have no manifest any more, each looked at by itself unless it was listed. */
    private List<Integer> expired() {
        Set<String> there = new HashSet<>();
        stored.forEach(backup -> there.add(backup.path()));
        List<Integer> numbers = new ArrayList<>();
        int most = Math.min(retention.finished().size(), Retention.MOST_FINISHED);
        for (int number = 0; number < most; number++) {
            String folder = retention.finished().get(number);
            if (BackupObjects.isAttempt(folder)
                    && !there.contains(folder)
                    && isGone(task.policyPath() + folder + "/")) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    private boolean isGone(String path) {
        return switch (new AttemptFolder(store, path).manifest()) {
            case ManifestState.Removed removedOne -> true;
            // The data of a damaged one is still there to be looked at.
            case ManifestState.Missing missing ->
                store.read(path + Manifest.DAMAGED_NAME).isEmpty();
            default -> false;
        };
    }

    private RetentionReport report() {
        Stored summary = known
                ? new Stored(
                        stored.size(),
                        stored.stream().mapToLong(StoredBackup::bytes).sum(),
                        stored.stream()
                                .map(StoredBackup::snapshotAt)
                                .min(Instant::compareTo)
                                .orElse(null),
                        stored.stream()
                                .map(StoredBackup::snapshotAt)
                                .max(Instant::compareTo)
                                .orElse(null))
                : null;
        return new RetentionReport(
                summary,
                removed,
                wouldRemove,
                expired,
                problem == null ? null : problem.reason().text(),
                problem == null ? null : (problems > 1 ? problems + " times; the first: " : "") + problem.getMessage());
    }
}
