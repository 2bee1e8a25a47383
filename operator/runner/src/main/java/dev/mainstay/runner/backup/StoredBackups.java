package dev.mainstay.runner.backup;

import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.retention.StoredBackup;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.runner.storage.ObjectStore;
import dev.mainstay.runner.storage.ObjectStore.Entry;
import dev.mainstay.runner.storage.ObjectStore.StoredObject;
import dev.mainstay.runner.task.TaskFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What a policy's folder holds. One listing tells which attempts have a manifest and what proves them; of each manifest
 * only the beginning is read, and only what a plan needs of it is kept, so that 100,000 of them fit.
 */
final class StoredBackups {

    private static final int HEAD_BYTES = 16 * 1024;
    private static final int AT_ONCE = 16;

    private final ObjectStore store;
    private final String policyPath;

    /** Of the policy whose folder is given, with a slash at its end. */
    StoredBackups(ObjectStore store, String policyPath) {
        this.store = store;
        this.policyPath = policyPath;
    }

    /**
     * What was found; folders by their names.
     *
     * @param backups own committed backups
     * @param dead folders of attempts that are dead for ever and have something left
     */
    record Found(List<StoredBackup> backups, List<String> dead) {}

    /** An attempt's folder as the listing shows it. */
    private static final class Folder {
        private boolean manifest;
        private boolean data;
        private VerificationLevel proven = VerificationLevel.NONE;

        void add(String name) {
            manifest |= name.equals(Manifest.NAME);
            data |= BackupObjects.isRemovable(name);
            VerificationLevel level = BackupObjects.proves(name);
            proven = level.compareTo(proven) > 0 ? level : proven;
        }
    }

    /** Reads the folder; throws a TaskFailure when any of it can't be read, since a plan from less is not to be had. */
    Found find(Owner owner) {
        Map<String, Folder> folders = committed();
        List<StoredBackup> backups = Collections.synchronizedList(new ArrayList<>());
        List<String> dead = Collections.synchronizedList(new ArrayList<>());
        forEach(folders, (name, folder, buffer) -> {
            Optional<ManifestHead> found = head(name, buffer);
            if (found.isPresent()) {
                ManifestHead head = found.get();
                if (head.isRemoved() || head.isAborted() && folder.data) {
                    dead.add(name);
                } else if (head.isOwn(owner, name)) {
                    backups.add(backup(name, folder, head));
                }
            }
        });
        Collections.sort(dead);
        return new Found(List.copyOf(backups), List.copyOf(dead));
    }

    /** The names of the folders with a manifest, or what stands in its place, the newest first. */
    List<String> names() {
        return committed().keySet().stream().sorted(Comparator.reverseOrder()).toList();
    }

    private Map<String, Folder> committed() {
        Map<String, Folder> folders = new HashMap<>();
        store.scan(policyPath, entry -> add(folders, entry));
        folders.values().removeIf(folder -> !folder.manifest);
        return folders;
    }

    private void add(Map<String, Folder> folders, Entry entry) {
        String key = entry.key().substring(policyPath.length());
        int slash = key.indexOf('/');
        if (slash > 0 && key.indexOf('/', slash + 1) < 0 && BackupObjects.isAttempt(key.substring(0, slash))) {
            folders.computeIfAbsent(key.substring(0, slash), name -> new Folder())
                    .add(key.substring(slash + 1));
        }
    }

    /** Empty when it has gone in the meantime. */
    private Optional<ManifestHead> head(String name, byte[] buffer) {
        String key = policyPath + name + "/" + Manifest.NAME;
        int read = store.readRange(key, 0, buffer, HEAD_BYTES);
        if (read < 0) {
            return Optional.empty();
        }
        return ManifestHead.parse(buffer, read, read < HEAD_BYTES)
                .or(() -> store.read(key)
                        .map(StoredObject::body)
                        .flatMap(whole -> ManifestHead.parse(whole, whole.length, true)));
    }

    private static StoredBackup backup(String name, Folder folder, ManifestHead head) {
        return new StoredBackup(
                name,
                head.snapshotAt(),
                folder.proven,
                head.backup().madeBy() != MadeBy.POLICY,
                head.backup().keepUntil(),
                head.bytes());
    }

    private interface Visit {
        void visit(String name, Folder folder, byte[] buffer);
    }

    /** Visits all, some at once; the first failure ends it and is thrown. */
    private void forEach(Map<String, Folder> folders, Visit visit) {
        BlockingQueue<byte[]> buffers = new ArrayBlockingQueue<>(AT_ONCE);
        for (int i = 0; i < AT_ONCE; i++) {
            buffers.add(new byte[HEAD_BYTES]);
        }
        Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Map.Entry<String, Folder> folder : folders.entrySet()) {
                byte[] buffer = take(buffers, executor);
                if (!failures.isEmpty()) {
                    break;
                }
                executor.execute(() -> {
                    try {
                        visit.visit(folder.getKey(), folder.getValue(), buffer);
                    } catch (RuntimeException e) {
                        failures.add(e);
                    } finally {
                        buffers.add(buffer);
                    }
                });
            }
        }
        if (!failures.isEmpty()) {
            throw failures.peek();
        }
    }

    private static byte[] take(BlockingQueue<byte[]> buffers, ExecutorService executor) {
        try {
            return buffers.take();
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
            throw new TaskFailure(Reason.CANCELLED, "the task was told to stop");
        }
    }
}
