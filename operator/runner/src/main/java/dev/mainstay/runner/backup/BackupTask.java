package dev.mainstay.runner.backup;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskProgress.Stage;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.backup.ArchiveDump.Dumped;
import dev.mainstay.runner.backup.ManifestState.Committed;
import dev.mainstay.runner.postgres.ClientPrograms;
import dev.mainstay.runner.postgres.ClientVersion;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.DatabaseFacts;
import dev.mainstay.runner.postgres.DatabaseLock;
import dev.mainstay.runner.postgres.DatabaseSession;
import dev.mainstay.runner.storage.ObjectStore.PutOutcome;
import dev.mainstay.runner.storage.Stores;
import dev.mainstay.runner.task.Results;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import dev.mainstay.runner.task.TaskWork;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks, dumps, uploads, commits by writing the manifest last, reads back, and thins out what is older. */
public final class BackupTask implements TaskWork {

    private static final Logger LOG = LoggerFactory.getLogger(BackupTask.class);

    /** A Pod that is being deleted has 30 s in all. */
    private static final Duration CLEANUP_WHEN_CANCELLED = Duration.ofSeconds(6);

    private static final Duration CLEANUP = Duration.ofMinutes(1);

    @Override
    public TaskResult run(TaskContext context) {
        Task task = context.task();
        Instant now = context.clock().instant();
        Instant started = context.startedAt();
        // Not the time of now: the operator, too, looks at when the container started.
        if (task.startBy() != null && started.isAfter(task.startBy())) {
            return Results.aborted(
                    task.kind(),
                    new TaskFailure(
                            Reason.DEADLINE_EXCEEDED,
                            "BackupPolicy " + task.origin().namespace() + "/"
                                    + task.origin().policy() + ": the container started at " + started
                                    + ", when spec.pendingTimeout was over at " + task.startBy()
                                    + ". Nothing was touched. Raise spec.pendingTimeout, or find out what the Pod waited"
                                    + " for."));
        }
        Attempt attempt = new Attempt(context, now);
        try {
            return attempt.run();
        } catch (TaskFailure failure) {
            return attempt.ended(failure);
        } catch (RuntimeException unexpected) {
            LOG.error("unexpected", unexpected);
            return attempt.ended(new TaskFailure(
                    Reason.INTERNAL_ERROR,
                    "unexpected " + unexpected.getClass().getSimpleName() + ": " + unexpected.getMessage()
                            + ". Please report it with this Job's log."));
        }
    }

    /** One attempt, with what it has to clean up. */
    private static final class Attempt {
        private final TaskContext context;
        private final Task task;
        private final Instant startedAt;
        private Stores stores;
        private Leftovers leftovers;
        private boolean writing;
        private boolean committing;

        Attempt(TaskContext context, Instant startedAt) {
            this.context = context;
            this.task = context.task();
            this.startedAt = startedAt;
        }

        TaskResult run() {
            DatabaseAccess access = DatabaseAccess.of(task.database(), context.secrets());
            stores = Stores.open(context);
            leftovers = new Leftovers(stores.cleanup(), task.path());
            stores.quick().checkReachable(task.policyPath());
            Optional<TaskResult> earlier = earlier();
            if (earlier.isPresent()) {
                return earlier.get();
            }
            new Ownership(stores.quick(), task).claim(startedAt);
            try (AgeEncryption encryption = AgeEncryption.of(context)) {
                return commit(dumped(access, encryption), encryption);
            }
        }

        private Manifest dumped(DatabaseAccess access, AgeEncryption encryption) {
            try (DatabaseSession session = DatabaseSession.open(access, context.stop());
                    DatabaseLock _ =
                            DatabaseLock.shared(access, context.settings().databaseLockWait(), context.stop())) {
                Path programs = new ClientPrograms(context.settings().postgresFolder())
                        .ofMajor(session.major(), "server " + access.server());
                DatabaseFacts facts = session.takeSnapshot(task.dump().lockWaitTimeoutSeconds());
                return dump(access, facts, programs, encryption);
            }
        }

        /** The attempt's path may have been settled before this Pod came to start. */
        private Optional<TaskResult> earlier() {
            return switch (new AttemptFolder(stores.quick(), task.path()).manifest()) {
                case Committed committed -> Optional.of(proven(committed, AgeEncryption.none()));
                case ManifestState.Aborted aborted -> Optional.of(Results.aborted(task.kind(), settled()));
                case ManifestState.Removed removed -> Optional.of(Results.aborted(task.kind(), settled()));
                case ManifestState.Missing missing -> Optional.empty();
                case ManifestState.Unreadable unreadable -> Optional.empty();
            };
        }

        private Manifest dump(DatabaseAccess access, DatabaseFacts facts, Path programs, AgeEncryption encryption) {
            context.progress().stage(Stage.DUMP, 0);
            writing = true;
            String clientVersion = ClientVersion.of(programs.resolve("pg_dump"), context.stop());
            Dumped dumped = new ArchiveDump(context, access, facts, programs, stores.patient(), leftovers, encryption)
                    .run(clientVersion);
            SideFiles sideFiles = new SideFiles(context, access, programs, stores.patient(), encryption);
            var origin = task.origin();
            return new Manifest(
                    Manifest.FORMAT_VERSION,
                    new Manifest.Origin(
                            origin.clusterId(),
                            origin.namespace(),
                            origin.application(),
                            origin.policy(),
                            origin.databaseName()),
                    new Manifest.Backup(
                            origin.backup(), origin.backupUid(), task.attempt(), origin.madeBy(), origin.keepUntil()),
                    new Manifest.Database(
                            task.database().database(),
                            facts.serverVersion(),
                            facts.bytes(),
                            facts.snapshotAt(),
                            facts.lsn()),
                    dumped.archive(),
                    encryption.isOn() ? new Manifest.Encryption("age", encryption.recipients()) : null,
                    sideFiles.globals(),
                    sideFiles.settings(),
                    dumped.excludedTables().isEmpty() ? null : dumped.excludedTables(),
                    dumped.tables(),
                    startedAt,
                    context.clock().instant());
        }

        private TaskResult commit(Manifest manifest, AgeEncryption encryption) {
            context.stop().check();
            AttemptFolder folder = new AttemptFolder(stores.patient(), task.path());
            byte[] json = AttemptFolder.json(manifest);
            committing = true;
            if (folder.commit(json) == PutOutcome.STORED) {
                return proven(new Committed(manifest, Sha256.of(json)), encryption);
            }
            if (folder.manifest() instanceof ManifestState.Aborted) {
                committing = false;
                throw settled();
            }
            throw new TaskFailure(
                    Reason.INTERNAL_ERROR,
                    folder.describe(Manifest.NAME) + " was written by somebody else; it is left to the settling task");
        }

        private TaskResult proven(Committed committed, AgeEncryption encryption) {
            return RetentionRun.after(context, stores, new Verification(context, stores, encryption).run(committed));
        }

        /** What to answer, after cleaning up. */
        TaskResult ended(TaskFailure failure) {
            TaskFailure told = told(failure);
            if (committing) {
                // Whether the manifest was written isn't known, so nothing may be deleted: the settling task finds out.
                return Results.failed(
                        task.kind(),
                        told.and(" Whether the manifest was still written is not known; it will be found out."));
            }
            if (!writing) {
                return Results.aborted(task.kind(), told);
            }
            Duration limit = told.reason() == Reason.CANCELLED ? CLEANUP_WHEN_CANCELLED : CLEANUP;
            return Results.aborted(
                    task.kind(),
                    leftovers
                            .remove(limit)
                            .map(left -> told.and(" What was uploaded could not be removed: " + left
                                    + ". It holds no backup, and costs storage until it is removed: "
                                    + stores.cleanup().describe(task.path())))
                            .orElse(told));
        }

        private TaskFailure told(TaskFailure failure) {
            Optional<TaskFailure> stopped = context.stop().cause();
            if (stopped.isPresent()) {
                return stopped.get().and(" (" + context.progress().where() + ").");
            }
            return writing && !committing && wasSettled() ? settled() : failure;
        }

        /** A settling task aborts uploads under the hands of a runner that still lives. */
        private boolean wasSettled() {
            try {
                return new AttemptFolder(stores.cleanup(), task.path()).manifest() instanceof ManifestState.Aborted;
            } catch (TaskFailure unknown) {
                return false;
            }
        }

        private static TaskFailure settled() {
            return new TaskFailure(
                    Reason.CANCELLED,
                    "the attempt was given up and settled before it was complete; nothing of it is kept");
        }
    }
}
