package dev.mainstay.runner.preflight;

import dev.mainstay.core.task.Finding;
import dev.mainstay.runner.backup.Ownership;
import dev.mainstay.runner.backup.StoredListing;
import dev.mainstay.runner.backup.StoredListing.Listed;
import dev.mainstay.runner.storage.ObjectStore;
import dev.mainstay.runner.storage.ObjectStore.Upload;
import dev.mainstay.runner.storage.ObjectStore.UploadedPart;
import dev.mainstay.runner.storage.StoreOperation;
import dev.mainstay.runner.storage.Stores;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Does each thing once that backups do in a bucket, in a folder of its own below the policy's. */
final class StoreCheck {

    private static final byte[] CONTENT =
            "A preflight wrote this, and removes it again.".getBytes(StandardCharsets.US_ASCII);

    private final TaskContext context;
    private final Findings findings = new Findings();
    private Listed listed;

    StoreCheck(TaskContext context) {
        this.context = context;
    }

    List<Finding> run() {
        try {
            check(Stores.open(context).quick());
        } catch (TaskFailure failure) {
            findings.error("bucket", failure);
        }
        return findings.list();
    }

    /** The backups in the bucket; empty when nobody asked for them, or they could not be read. */
    Optional<Listed> stored() {
        return Optional.ofNullable(listed);
    }

    private void check(ObjectStore store) {
        String path = context.task().path();
        // A bucket or a key that isn't there would be told once for each operation; a right that lacks says nothing of
        // others.
        if (!done("bucket: list", () -> store.checkReachable(context.task().policyPath()))
                && findings.list().stream().noneMatch(StoreCheck::lacksOneRight)) {
            return;
        }
        Optional<TaskFailure> owned = new Ownership(store, context.task()).problem();
        owned.ifPresent(problem -> findings.error("bucket: owner of the path", problem));
        if (done("bucket: put", () -> store.put(path + "object", CONTENT))) {
            done("bucket: get", () -> store.read(path + "object"));
            done("bucket: delete", () -> store.delete(path + "object"));
        }
        done("bucket: multipart upload", () -> completeAndAbort(store, path));
        done("bucket: list uploads", () -> store.openUploads(path));
        if (Boolean.TRUE.equals(context.task().listStored()) && owned.isEmpty()) {
            done("bucket: backups in it", () -> listed = new StoredListing(context, store).list());
        }
    }

    private static void completeAndAbort(ObjectStore store, String path) {
        Upload completed = store.startUpload(path + "parts");
        UploadedPart part = store.uploadPart(completed, 1, CONTENT, CONTENT.length);
        store.completeUpload(completed, List.of(part));
        store.delete(path + "parts");
        store.abortUpload(store.startUpload(path + "parts"));
    }

    private static boolean lacksOneRight(Finding finding) {
        return finding.message().contains("Allow " + StoreOperation.LIST.permission());
    }

    private boolean done(String check, Runnable step) {
        try {
            step.run();
            return true;
        } catch (TaskFailure failure) {
            context.stop().check();
            // What one right lacks, several steps may meet.
            boolean told = findings.list().stream()
                    .anyMatch(finding -> finding.message().equals(failure.getMessage()));
            if (!told) {
                findings.error(check, failure);
            }
            return false;
        }
    }
}
