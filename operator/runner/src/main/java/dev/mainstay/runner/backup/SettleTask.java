package dev.mainstay.runner.backup;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.backup.ManifestState.Committed;
import dev.mainstay.runner.storage.ObjectStore.PutOutcome;
import dev.mainstay.runner.storage.Stores;
import dev.mainstay.runner.task.Results;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import dev.mainstay.runner.task.TaskWork;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Makes sure that an attempt which ended without telling its result left either a whole backup or nothing. It claims the
 * manifest's place with a note that the attempt is aborted: whoever comes second there is refused, so that a runner which
 * still lives can't commit any more, and a backup that was committed stays. May run any number of times.
 */
public final class SettleTask implements TaskWork {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    /**
     * The note in the manifest's place.
     *
     * @param formatVersion version of this format
     * @param aborted always true
     * @param backup name of the DatabaseBackup
     * @param backupUid its uid
     * @param attempt number of the attempt
     * @param abortedAt when
     */
    record AbortedManifest(
            int formatVersion, boolean aborted, String backup, String backupUid, int attempt, Instant abortedAt) {}

    @Override
    public TaskResult run(TaskContext context) {
        Task task = context.task();
        Stores stores = Stores.open(context);
        AttemptFolder folder = new AttemptFolder(stores.patient(), task.path());
        PutOutcome outcome = folder.commit(AttemptFolder.json(new AbortedManifest(
                Manifest.FORMAT_VERSION,
                true,
                task.origin().backup(),
                task.origin().backupUid(),
                task.attempt(),
                context.clock().instant())));
        if (outcome == PutOutcome.STORED) {
            return clear(context, stores);
        }
        return switch (folder.manifest()) {
            case Committed committed ->
                Results.committed(
                        task.kind(),
                        Verification.summary(committed, folder.proof().orElse(null)),
                        null);
            case ManifestState.Aborted aborted -> clear(context, stores);
            case ManifestState.Removed removed -> Results.settled(task.kind());
            case ManifestState.Missing missing ->
                Results.failed(
                        task.kind(),
                        new TaskFailure(
                                Reason.INTERNAL_ERROR,
                                folder.describe(Manifest.NAME) + " was there and is not there any more; try again"));
            case ManifestState.Unreadable unreadable ->
                Results.failed(
                        task.kind(),
                        new TaskFailure(
                                Reason.INTERNAL_ERROR,
                                folder.describe(Manifest.NAME) + " is neither a manifest nor a note of Mainstay: "
                                        + unreadable.why() + ". Look at it, and delete it if it is nothing of yours."));
        };
    }

    private static TaskResult clear(TaskContext context, Stores stores) {
        Task task = context.task();
        Optional<String> trouble = new Leftovers(stores.patient(), task.path()).remove(LIMIT);
        context.stop().check();
        return trouble.map(left -> Results.failed(
                        task.kind(),
                        new TaskFailure(
                                Reason.STORAGE_UNREACHABLE,
                                "the attempt is settled, it holds no backup; its data could not be removed: " + left)))
                .orElseGet(() -> Results.settled(task.kind()));
    }
}
