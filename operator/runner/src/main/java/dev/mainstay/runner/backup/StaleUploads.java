package dev.mainstay.runner.backup;

import dev.mainstay.core.task.Task;
import dev.mainstay.runner.storage.ObjectStore;
import dev.mainstay.runner.storage.ObjectStore.Upload;
import dev.mainstay.runner.task.TaskFailure;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads of this policy that outlived every attempt: a runner that was killed can't abort its own, and they are billed
 * for ever.
 */
final class StaleUploads {

    private static final Logger LOG = LoggerFactory.getLogger(StaleUploads.class);

    /** For clocks of node and store that differ. */
    private static final Duration MARGIN = Duration.ofHours(1);

    private StaleUploads() {}

    /** Aborts those older than an attempt may last; that some can't be aborted is nobody's failure. */
    static void abort(ObjectStore store, Task task, Instant now) {
        Instant before = now.minusSeconds(task.timeoutSeconds()).minus(MARGIN);
        try {
            store.openUploads(task.policyPath()).stream()
                    .filter(upload ->
                            upload.startedAt() != null && upload.startedAt().isBefore(before) && isOwn(task, upload))
                    .forEach(upload -> {
                        LOG.info("aborting the upload of {}, begun at {}", upload.key(), upload.startedAt());
                        store.abortUpload(upload);
                    });
        } catch (TaskFailure failure) {
            LOG.warn("old uploads stay: {}", failure.getMessage());
        }
    }

    private static boolean isOwn(Task task, Upload upload) {
        String[] names = upload.key().substring(task.policyPath().length()).split("/", -1);
        return names.length == 2 && BackupObjects.isAttempt(names[0]) && BackupObjects.isRemovable(names[1]);
    }
}
