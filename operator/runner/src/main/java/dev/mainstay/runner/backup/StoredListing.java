package dev.mainstay.runner.backup;

import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.PreflightReport;
import dev.mainstay.core.task.StoredManifest;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskResult.CommittedBackup;
import dev.mainstay.runner.storage.ObjectStore;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Tells which of a policy's own backups lie in its folder: whole manifests and what proves them, the newest first. A path that
 * the policy is to take over is taken over first, so that what is told of can be restored as its own.
 */
public final class StoredListing {

    /** Folders that are looked at: aborted attempts and what is somebody else's may stand between. */
    private static final int MOST_FOLDERS = 2 * PreflightReport.MOST_STORED;

    /** A manifest with many tables is megabytes long. */
    private static final int AT_ONCE = 8;

    private final TaskContext context;
    private final Task task;
    private final ObjectStore store;

    public StoredListing(TaskContext context, ObjectStore store) {
        this.context = context;
        this.task = context.task();
        this.store = store;
    }

    /**
     * What was found.
     *
     * @param backups the newest backups
     * @param leftOut older folders with a manifest that were not looked at
     */
    public record Listed(List<StoredManifest> backups, int leftOut) {}

    /** Looks; throws a TaskFailure when any of it can't be read. */
    public Listed list() {
        Owner owner = new Ownership(store, task).takeOver(context.clock().instant());
        List<String> folders = new StoredBackups(store, task.policyPath()).names();
        List<StoredManifest> found = new ArrayList<>();
        int looked = 0;
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            while (looked < Math.min(folders.size(), MOST_FOLDERS) && found.size() < PreflightReport.MOST_STORED) {
                int end = Math.min(
                        Math.min(folders.size(), looked + AT_ONCE),
                        looked + PreflightReport.MOST_STORED - found.size());
                List<Future<Optional<StoredManifest>>> reads = folders.subList(looked, end).stream()
                        .map(folder -> executor.submit(() -> read(owner, folder)))
                        .toList();
                reads.forEach(read -> wait(read).ifPresent(found::add));
                looked = end;
                context.stop().check();
            }
        }
        found.sort(
                Comparator.comparing((StoredManifest backup) -> backup.backup().snapshotAt())
                        .reversed());
        return new Listed(List.copyOf(found), folders.size() - looked);
    }

    private static Optional<StoredManifest> wait(Future<Optional<StoredManifest>> read) {
        try {
            return read.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TaskFailure(Reason.CANCELLED, "the task was told to stop");
        }
    }

    /** Empty for what is no backup of ours. */
    private Optional<StoredManifest> read(Owner owner, String folder) {
        AttemptFolder attempt = new AttemptFolder(store, task.policyPath() + folder + "/");
        return attempt.manifest() instanceof ManifestState.Committed(Manifest manifest, String sha256)
                        && isOwn(owner, folder, manifest)
                ? Optional.of(told(folder, manifest, sha256, attempt.strongestProof(sha256)))
                : Optional.empty();
    }

    private static boolean isOwn(Owner owner, String folder, Manifest manifest) {
        return manifest.origin() != null
                && manifest.backup() != null
                && owner.owns(manifest.origin())
                && BackupObjects.isFolderOf(folder, manifest.backup())
                && manifest.database().snapshotAt() != null
                && manifest.startedAt() != null
                && manifest.committedAt() != null;
    }

    private static StoredManifest told(String folder, Manifest manifest, String sha256, Optional<Proof> proof) {
        Manifest.Backup backup = manifest.backup();
        Manifest.Database database = manifest.database();
        return new StoredManifest(
                folder,
                backup.name(),
                backup.uid(),
                backup.attempt(),
                backup.madeBy(),
                backup.keepUntil(),
                manifest.startedAt(),
                new CommittedBackup(
                        database.bytes(),
                        manifest.archive().bytes(),
                        database.serverVersion(),
                        database.snapshotAt(),
                        database.lsn(),
                        sha256,
                        manifest.committedAt(),
                        proof.map(Proof::level).orElse(VerificationLevel.NONE),
                        proof.map(Proof::verifiedAt).orElse(null),
                        proof.map(Proof::sum).orElse(null)));
    }
}
