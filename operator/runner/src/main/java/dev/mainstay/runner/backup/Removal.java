package dev.mainstay.runner.backup;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.runner.backup.ManifestState.Committed;
import dev.mainstay.runner.storage.ObjectStore;
import dev.mainstay.runner.storage.ObjectStore.Entry;
import dev.mainstay.runner.storage.ObjectStore.PutOutcome;
import dev.mainstay.runner.storage.ObjectStore.StoredObject;
import dev.mainstay.runner.task.TaskFailure;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Removes backups, each in an order that any end in the middle leaves in one of two states: a whole backup, or none and
 * a note that says so.
 *
 * <ol>
 *   <li>The manifest is replaced by a note that the backup was removed. From here on it counts no more, no late runner of
 *       the attempt can commit there, and anybody who finds the note may go on.
 *   <li>The data goes, then what is beside it, then the proofs: by name, so nothing of anybody else's.
 *   <li>The note goes last, when nothing of ours is left.
 * </ol>
 *
 * <p>Every step may be repeated, and by two at once.
 */
final class Removal {

    /** A name that nothing has: whether it may be deleted tells whether anything may, before a manifest is given up. */
    private static final String PROBE = "removal-probe";

    private final ObjectStore store;
    private final Task task;
    private final Clock clock;
    private boolean mayDelete;

    /**
     * @param task whose policy's backups are removed
     * @param clock the time
     */
    Removal(ObjectStore store, Task task, Clock clock) {
        this.store = store;
        this.task = task;
        this.clock = clock;
    }

    /**
     * The note in the manifest's place.
     *
     * @param formatVersion version of this format
     * @param removed always true
     * @param removedAt when
     * @param manifest the manifest that stood there; null when there was none
     */
    record RemovedManifest(int formatVersion, boolean removed, Instant removedAt, JsonNode manifest) {}

    /** Whether the access key was seen to be allowed to delete. */
    boolean mayDelete() {
        return mayDelete;
    }

    private void checkMayDelete() {
        if (!mayDelete) {
            try {
                store.delete(task.policyPath() + PROBE);
            } catch (TaskFailure refused) {
                throw refused.and(" That is asked before any backup is given up; none was.");
            }
            mayDelete = true;
        }
    }

    /**
     * Removes a committed backup of our own, if it still is one and may still go; what was removed in part is removed
     * to its end.
     *
     * @param path its folder, with a slash at the end
     * @param mayGo asked of its manifest as it is now
     * @param gone told as soon as there is no manifest any more; what follows may still fail
     */
    void remove(String path, Predicate<Manifest> mayGo, Runnable gone) {
        Owner owner = new Ownership(store, task).check();
        AttemptFolder folder = new AttemptFolder(store, path);
        Optional<StoredObject> stored = folder.manifestObject();
        switch (stored.map(AttemptFolder::parse).orElse(new ManifestState.Missing())) {
            case Committed(Manifest manifest, String sha256) -> {
                if (isOwn(owner, path, manifest) && mayGo.test(manifest) && giveUp(folder, path, stored.get())) {
                    gone.run();
                    finish(path);
                }
            }
            case ManifestState.Removed removed -> {
                gone.run();
                finish(path);
            }
            case ManifestState.Missing missing -> gone.run();
            case ManifestState.Aborted aborted -> {}
            case ManifestState.Unreadable unreadable -> {}
        }
    }

    /**
     * Removes what is at the path of an attempt that is known to be over, be it a backup, a damaged one or what is left of
     * one, without asking whether it may go.
     *
     * @return why it can't be; empty when nothing is left
     */
    Optional<String> removeFinished(String path) {
        Owner owner = new Ownership(store, task).check();
        AttemptFolder folder = new AttemptFolder(store, path);
        Optional<StoredObject> stored = folder.manifestObject();
        switch (stored.map(AttemptFolder::parse).orElse(new ManifestState.Missing())) {
            case Committed(Manifest manifest, String sha256) -> {
                if (!isOwn(owner, path, manifest)) {
                    return Optional.of(" is the manifest of another owner's or another attempt's backup");
                }
                if (!giveUp(folder, path, stored.get())) {
                    throw changed(path);
                }
                finish(path);
            }
            case ManifestState.Missing missing -> removeWithoutManifest(folder, path);
            case ManifestState.Removed removed -> finish(path);
            case ManifestState.Aborted aborted -> clear(path);
            case ManifestState.Unreadable unreadable -> {
                return Optional.of(" is no manifest of Mainstay: " + unreadable.why());
            }
        }
        return Optional.empty();
    }

    /** Clears the folder of an attempt that is dead for ever. */
    void sweep(String path) {
        new Ownership(store, task).check();
        switch (new AttemptFolder(store, path).manifest()) {
            case ManifestState.Removed removed -> finish(path);
            // The note stays: it keeps a late runner from committing.
            case ManifestState.Aborted aborted -> clear(path);
            default -> {}
        }
    }

    private void removeWithoutManifest(AttemptFolder folder, String path) {
        if (removable(path).isEmpty()) {
            return;
        }
        checkMayDelete();
        // Takes the manifest's place first: whoever still writes there finds it taken.
        if (folder.commit(note(null)) == PutOutcome.REFUSED && !isGivenUp(folder)) {
            throw changed(path);
        }
        finish(path);
    }

    /** Puts the note in the manifest's place; whether the backup is given up now, by us or by another who removes it too. */
    private boolean giveUp(AttemptFolder folder, String path, StoredObject stored) {
        checkRetained(path, stored);
        checkMayDelete();
        try {
            byte[] note = note(TaskJson.mapper().readTree(stored.body()));
            return store.replace(path + Manifest.NAME, note, stored.etag()) == PutOutcome.STORED || isGivenUp(folder);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** No manifest is left either where another who removes the backup is done already: only a removal deletes one. */
    private static boolean isGivenUp(AttemptFolder folder) {
        ManifestState state = folder.manifest();
        return state instanceof ManifestState.Removed || state instanceof ManifestState.Missing;
    }

    private byte[] note(JsonNode manifest) {
        return AttemptFolder.json(new RemovedManifest(Manifest.FORMAT_VERSION, true, clock.instant(), manifest));
    }

    private void finish(String path) {
        clear(path);
        store.delete(path + Manifest.NAME);
    }

    /** Deletes what is ours in the folder, the manifest aside; goes on past what stays, and tells of the first. */
    private void clear(String path) {
        TaskFailure first = null;
        for (String key : removable(path)) {
            try {
                store.delete(key);
            } catch (TaskFailure stays) {
                if (stays.reason() != Reason.STORAGE_DENIED && stays.reason() != Reason.RETAINED) {
                    throw stays;
                }
                first = first == null ? stays : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** Keys in the order in which they go. */
    private List<String> removable(String path) {
        return store.list(path).stream()
                .map(Entry::key)
                .map(key -> key.substring(path.length()))
                .filter(BackupObjects::isRemovable)
                .sorted(Comparator.comparingInt(BackupObjects::turn).thenComparing(Comparator.naturalOrder()))
                .map(name -> path + name)
                .toList();
    }

    private void checkRetained(String path, StoredObject manifest) {
        Instant until = manifest.retainedUntil();
        if (until != null && until.isAfter(clock.instant())) {
            throw new TaskFailure(
                    Reason.RETAINED,
                    store.describe(path) + " is retained by the store "
                            + (until.equals(Instant.MAX) ? "under a legal hold." : "until " + until + "."));
        }
    }

    private TaskFailure changed(String path) {
        return new TaskFailure(
                Reason.INTERNAL_ERROR,
                store.describe(path + Manifest.NAME) + " was written by somebody else; try again.");
    }

    private static boolean isOwn(Owner owner, String path, Manifest manifest) {
        String folder = path.substring(path.lastIndexOf('/', path.length() - 2) + 1, path.length() - 1);
        return manifest.origin() != null
                && manifest.backup() != null
                && owner.owns(manifest.origin())
                && BackupObjects.isFolderOf(folder, manifest.backup());
    }
}
