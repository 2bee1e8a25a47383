package dev.mainstay.runner.backup;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.storage.Stores;
import dev.mainstay.runner.task.Results;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import dev.mainstay.runner.task.TaskWork;

/** Reads a committed backup back. */
public final class VerifyTask implements TaskWork {

    @Override
    public TaskResult run(TaskContext context) {
        Stores stores = Stores.open(context);
        AttemptFolder folder =
                new AttemptFolder(stores.patient(), context.task().path());
        return switch (folder.manifest()) {
            case ManifestState.Committed committed ->
                RetentionRun.after(
                        context, stores, new Verification(context, stores, AgeEncryption.none()).run(committed));
            case ManifestState.Missing missing -> gone(context, folder.describe(Manifest.NAME) + " is not there");
            case ManifestState.Aborted aborted ->
                gone(context, folder.describe(Manifest.NAME) + " says that the attempt was aborted");
            case ManifestState.Removed removed ->
                gone(context, folder.describe(Manifest.NAME) + " says that the backup was removed");
            case ManifestState.Unreadable unreadable ->
                Results.failed(
                        context.task().kind(),
                        new TaskFailure(
                                Reason.VERIFICATION_FAILED,
                                folder.describe(Manifest.NAME) + " is no manifest: " + unreadable.why()));
        };
    }

    private static TaskResult gone(TaskContext context, String found) {
        return Results.aborted(
                context.task().kind(),
                new TaskFailure(Reason.VERIFICATION_FAILED, found + ": there is no backup at this path."));
    }
}
