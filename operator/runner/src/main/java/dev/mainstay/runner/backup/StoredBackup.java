package dev.mainstay.runner.backup;

import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.Origin;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.runner.backup.Manifest.Segment;
import dev.mainstay.runner.backup.ManifestState.Committed;
import dev.mainstay.runner.storage.ObjectStore;
import dev.mainstay.runner.storage.ObjectStore.StoredObject;
import dev.mainstay.runner.storage.Stores;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A committed backup as a restore reads it. Nothing of it changes in the bucket; a restore test notes its proof beside it. */
public final class StoredBackup {

    private static final int HEAD_STEP = 1 << 20;

    private final TaskContext context;
    private final ObjectStore store;
    private final String path;
    private final Committed committed;

    /** Takes the bytes of the archive as they are stored, in order. */
    public interface Taker {
        /** Whether more is wanted. */
        boolean take(byte[] buffer, int length);
    }

    private StoredBackup(TaskContext context, ObjectStore store, Committed committed) {
        this.context = context;
        this.store = store;
        this.path = context.task().path();
        this.committed = committed;
    }

    /** The backup at the task's path; throws a TaskFailure of BackupNotFound when there is none. */
    public static StoredBackup open(TaskContext context) {
        Stores stores = Stores.open(context);
        AttemptFolder folder = new AttemptFolder(stores.quick(), context.task().path());
        String manifest = folder.describe(Manifest.NAME);
        TaskKind kind = context.task().kind();
        return switch (folder.manifest()) {
            case Committed committed -> new StoredBackup(context, stores.patient(), committed);
            case ManifestState.Missing missing -> throw notFound(kind, manifest + " is not there");
            case ManifestState.Aborted aborted -> throw notFound(kind, manifest + " says that the attempt was aborted");
            case ManifestState.Removed removed -> throw notFound(kind, manifest + " says that the backup was removed");
            case ManifestState.Unreadable unreadable ->
                throw notFound(kind, manifest + " is no manifest: " + unreadable.why());
        };
    }

    private static TaskFailure notFound(TaskKind kind, String found) {
        return new TaskFailure(
                Reason.BACKUP_NOT_FOUND,
                found + ": there is no backup at this path."
                        + (kind == TaskKind.RESTORE_TEST
                                ? ""
                                : " Choose another one in spec.source of the RestoreRequest."));
    }

    /** What it says of itself. */
    public Manifest manifest() {
        return committed.manifest();
    }

    /** The rows of each table, counted in the archive; empty when it was never read in full. */
    public Optional<Map<String, Long>> rows() {
        return new AttemptFolder(store, path)
                .proof()
                .filter(proof -> committed.sha256().equals(proof.manifestSha256()))
                .map(Proof::rows);
    }

    /** Whether it still counts: retention may have removed it meanwhile. */
    public boolean stands() {
        return new AttemptFolder(store, path).manifest() instanceof Committed found
                && found.sha256().equals(committed.sha256());
    }

    /** Notes beside it that it was restored, and what was counted then. */
    public void proveByRestore(Map<String, Long> rows, String clientMajor) {
        new AttemptFolder(store, path)
                .prove(new Proof(
                        Manifest.FORMAT_VERSION,
                        VerificationLevel.RESTORE_TEST,
                        context.clock().instant(),
                        committed.sha256(),
                        clientMajor,
                        rows));
    }

    /** Whose it is, in words, when it is not the origin's own nor taken over by it. */
    public Optional<String> foreignOrigin(Origin origin) {
        Manifest.Origin made = manifest().origin();
        Owner mine = Owner.of(origin, null);
        boolean samePolicy = origin.policy() == null || origin.policy().equals(made.policy());
        if (samePolicy && (mine.owns(made) || takenOver(mine, made))) {
            return Optional.empty();
        }
        return Optional.of("database " + made.database() + " of application " + made.namespace() + "/"
                + made.application() + ", policy " + made.policy() + ", in "
                + (Objects.equals(made.clusterId(), origin.clusterId())
                        ? "this cluster"
                        : "cluster " + made.clusterId()));
    }

    private boolean takenOver(Owner mine, Manifest.Origin made) {
        Task task = context.task();
        if (task.policyPath() == null) {
            return false;
        }
        try {
            Owner owner = new Ownership(store, task).check();
            return owner.isSameAs(mine) && owner.owns(made);
        } catch (TaskFailure notOurs) {
            context.stop().check();
            return false;
        }
    }

    /** The stored {@code settings.sql}, which may be encrypted; empty when the backup has none. */
    public Optional<byte[]> settings() {
        Manifest.SideFile file = manifest().settings();
        if (file == null || file.object() == null) {
            return Optional.empty();
        }
        String key = path + file.object().name();
        byte[] body = store.read(key)
                .map(StoredObject::body)
                .orElseThrow(() -> new TaskFailure(Reason.VERIFICATION_FAILED, store.describe(key) + " is missing"));
        if (!Sha256.of(body).equals(file.object().sha256())) {
            throw differs(key);
        }
        return Optional.of(body);
    }

    /** Reads the beginning of the archive, bit by bit, until no more is wanted. Hashes are not compared. */
    public void readHead(Taker taker) {
        byte[] buffer = new byte[HEAD_STEP];
        for (Segment segment : manifest().archive().segments()) {
            for (long offset = 0; offset < segment.bytes(); ) {
                int wanted = (int) Math.min(buffer.length, segment.bytes() - offset);
                int read = store.readRange(path + segment.name(), offset, buffer, wanted);
                if (read <= 0) {
                    throw new TaskFailure(
                            Reason.VERIFICATION_FAILED,
                            store.describe(path + segment.name()) + " is missing, or shorter than its manifest says");
                }
                if (!taker.take(buffer, read)) {
                    return;
                }
                offset += read;
            }
        }
    }

    /**
     * Reads the whole archive and compares the hash of each segment; throws a TaskFailure of VerificationFailed when one is
     * missing or not what was written. When no more is wanted, the segment that is being read is compared all the same:
     * damage is the likeliest cause.
     */
    public void read(Taker taker) {
        SegmentReader reader = new SegmentReader(store, path, context.settings(), context.stop());
        try {
            reader.read(manifest().archive().segments(), new Comparing(taker));
        } catch (Enough enough) {
            context.stop().check();
        }
    }

    /** The bytes of all segments. */
    public long bytes() {
        return manifest().archive().segments().stream()
                .mapToLong(Segment::bytes)
                .sum();
    }

    private TaskFailure differs(String key) {
        return new TaskFailure(
                Reason.VERIFICATION_FAILED, store.describe(key) + " is not what was written: its SHA-256 differs.");
    }

    private static final class Enough extends RuntimeException {
        Enough() {
            super(null, null, false, false);
        }
    }

    private final class Comparing implements SegmentReader.Sink {
        private final Sha256 hash = new Sha256();
        private final Taker taker;
        private boolean wanted = true;

        Comparing(Taker taker) {
            this.taker = taker;
        }

        @Override
        public void take(Segment segment, byte[] buffer, int length) {
            hash.take(buffer, length);
            wanted = wanted && taker.take(buffer, length);
        }

        @Override
        public void endOf(Segment segment) {
            if (!hash.hex().equals(segment.sha256())) {
                throw differs(path + segment.name());
            }
            if (!wanted) {
                throw new Enough();
            }
        }
    }
}
