package dev.mainstay.runner.backup;

import dev.mainstay.runner.storage.ObjectStore;
import dev.mainstay.runner.storage.ObjectStore.Entry;
import dev.mainstay.runner.storage.ObjectStore.Upload;
import dev.mainstay.runner.task.TaskFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an attempt that came to nothing has left in the bucket. It is removed by calls of its own: those of the attempt
 * may have been interrupted, and what is aborted with a cancelled call stays and is billed (pterodactyl issue 3582).
 */
final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private final ObjectStore store;
    private final String path;
    private final ConcurrentLinkedQueue<Upload> uploads = new ConcurrentLinkedQueue<>();

    /** Of the attempt at the path; the store must work although the task was told to stop. */
    Leftovers(ObjectStore store, String path) {
        this.store = store;
        this.path = path;
    }

    /** Remembers an upload that was begun: not every access key may list them. */
    void begun(Upload upload) {
        uploads.add(upload);
    }

    /**
     * Aborts uploads and deletes data; the manifest stays.
     *
     * @param limit how long it may take
     * @return what could not be removed and why; empty when nothing is left
     */
    Optional<String> remove(Duration limit) {
        return inFreshThread(this::removeAll, limit);
    }

    private Optional<String> removeAll() {
        List<String> troubles = new ArrayList<>();
        for (Upload upload : uploads) {
            attempt(() -> store.abortUpload(upload), troubles);
        }
        try {
            for (Upload upload : store.openUploads(path)) {
                attempt(() -> store.abortUpload(upload), troubles);
            }
        } catch (TaskFailure denied) {
            // The known ones are aborted. Without the right to list, one whose beginning was interrupted can't be
            // found.
            LOG.warn("uploads can't be listed: {}", denied.getMessage());
        }
        attempt(
                () -> store.list(path).stream()
                        .map(Entry::key)
                        .filter(key -> !key.equals(path + Manifest.NAME))
                        .forEach(store::delete),
                troubles);
        return troubles.isEmpty() ? Optional.empty() : Optional.of(troubles.getFirst());
    }

    private static void attempt(Runnable step, List<String> troubles) {
        try {
            step.run();
        } catch (TaskFailure failure) {
            troubles.add(failure.getMessage());
        }
    }

    /** Runs it on a thread that nobody has interrupted, and waits although this one may be. */
    private static Optional<String> inFreshThread(Supplier<Optional<String>> work, Duration limit) {
        FutureTask<Optional<String>> task = new FutureTask<>(work::get);
        Thread thread = Thread.ofPlatform().daemon().name("cleanup").start(task);
        boolean interrupted = Thread.interrupted();
        long until = System.nanoTime() + limit.toNanos();
        try {
            while (true) {
                try {
                    return task.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (TimeoutException e) {
                    thread.interrupt();
                    return Optional.of("the store did not answer within " + limit.toSeconds() + " s");
                } catch (java.util.concurrent.ExecutionException e) {
                    LOG.warn("cleaning up failed", e.getCause());
                    return Optional.of(String.valueOf(e.getCause().getMessage()));
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
