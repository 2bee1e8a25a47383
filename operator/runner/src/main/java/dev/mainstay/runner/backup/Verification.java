package dev.mainstay.runner.backup;

import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskProgress.Stage;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.CommittedBackup;
import dev.mainstay.runner.backup.ManifestState.Committed;
import dev.mainstay.runner.backup.ReadBack.Reached;
import dev.mainstay.runner.storage.Stores;
import dev.mainstay.runner.task.Results;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;

/** Proves a committed backup and says what came of it. */
final class Verification {

    private static final int ALL = 100;

    private final TaskContext context;
    private final Stores stores;
    private final AttemptFolder folder;
    private final AgeEncryption encryption;

    Verification(TaskContext context, Stores stores, AgeEncryption encryption) {
        this.context = context;
        this.stores = stores;
        this.encryption = encryption;
        this.folder = new AttemptFolder(stores.patient(), context.task().path());
    }

    /** Reads the backup back at the task's level; the answer is that of a task which has found or made it. */
    TaskResult run(Committed committed) {
        TaskKind kind = context.task().kind();
        VerificationLevel level = context.task().verification();
        if (level == null || level == VerificationLevel.NONE || level == VerificationLevel.UNRECOGNIZED) {
            return Results.committed(kind, summary(committed, null), null);
        }
        context.progress().stage(Stage.VERIFY, ALL);
        try {
            Reached reached = new ReadBack(context, stores.patient(), encryption).run(committed.manifest(), level);
            Proof proof = new Proof(
                    Manifest.FORMAT_VERSION,
                    reached.level(),
                    context.clock().instant(),
                    committed.sha256(),
                    reached.clientMajor(),
                    reached.rows());
            return proven(committed, proof, reached.trouble());
        } catch (TaskFailure failure) {
            TaskFailure told = context.stop().cause().orElse(failure);
            return told.reason() == Reason.VERIFICATION_FAILED
                    ? damaged(committed, told)
                    : Results.committed(kind, summary(committed, null), notProven(told));
        }
    }

    /** The backup in the result's words, proven as far as the proof says. */
    static CommittedBackup summary(Committed committed, Proof proof) {
        Manifest manifest = committed.manifest();
        return new CommittedBackup(
                manifest.database().bytes(),
                manifest.archive().bytes(),
                manifest.database().serverVersion(),
                manifest.database().snapshotAt(),
                manifest.database().lsn(),
                committed.sha256(),
                manifest.committedAt(),
                proof == null ? VerificationLevel.NONE : proof.level(),
                proof == null ? null : proof.verifiedAt(),
                proof == null ? null : proof.sum());
    }

    private TaskResult proven(Committed committed, Proof proof, TaskFailure trouble) {
        TaskFailure told = trouble;
        try {
            folder.prove(proof);
        } catch (TaskFailure unwritten) {
            told = context.stop()
                    .cause()
                    .orElse(unwritten)
                    .and(" The backup was read back and is sound; that could only not be noted beside it.");
        }
        return Results.committed(context.task().kind(), summary(committed, proof), told);
    }

    private TaskResult damaged(Committed committed, TaskFailure damage) {
        TaskKind kind = context.task().kind();
        try {
            AttemptFolder cleanup =
                    new AttemptFolder(stores.cleanup(), context.task().path());
            if (!cleanup.markDamaged(committed.sha256())) {
                return Results.aborted(kind, damage.and(". The backup was removed while it was read back."));
            }
            return Results.aborted(
                    kind,
                    damage.and(". This backup no longer counts: its manifest is now "
                            + folder.describe(Manifest.DAMAGED_NAME)
                            + ". Its data was left there for inspection. Take the store for broken until you know"
                            + " better."));
        } catch (TaskFailure stays) {
            return Results.failed(
                    kind,
                    damage.and(". Its manifest could not be taken away (" + stays.getMessage() + "): delete "
                            + folder.describe(Manifest.NAME) + " by hand."));
        }
    }

    private TaskFailure notProven(TaskFailure failure) {
        return failure.and(
                " (" + context.progress().where() + "). The backup is committed; it was not read back in full.");
    }
}
