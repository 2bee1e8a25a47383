package dev.mainstay.runner.backup;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.backup.Manifest.Segment;
import dev.mainstay.runner.storage.ObjectStore;
import dev.mainstay.runner.storage.ObjectStore.Upload;
import dev.mainstay.runner.storage.ObjectStore.UploadedPart;
import dev.mainstay.runner.task.RunnerSettings;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskFailure;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * The pump: a stream of unknown length becomes objects {@code data.000}, {@code data.001}… of a bounded number of parts,
 * so that no store's limit of parts or of an object's size binds (databasus issue 617, litestream issue 276). Parts are
 * uploaded side by side out of a fixed set of buffers; when all are on their way the source has to wait. No object
 * appears before {@link #complete}.
 */
final class SegmentedUpload implements AutoCloseable {

    /** Reads from a pipe bring no more at once. */
    private static final int READ_BYTES = 1 << 16;

    private final ObjectStore store;
    private final String path;
    private final RunnerSettings settings;
    private final StopSignal stop;
    private final Consumer<Upload> begun;
    private final LongConsumer uploaded;
    private final ExecutorService uploads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<byte[]> free = new LinkedBlockingQueue<>();
    private final AtomicReference<TaskFailure> failure = new AtomicReference<>();
    private final List<OpenSegment> segments = new ArrayList<>();
    private final StopSignal.Registration registration;
    private int buffers;

    /**
     * @param store the bucket
     * @param path the attempt's folder, with a slash at the end
     * @param settings sizes of parts and segments, and how many parts are on their way at once
     * @param stop ends it
     * @param begun takes each upload that was begun
     * @param uploaded takes the size of each part that the store has taken
     */
    SegmentedUpload(
            ObjectStore store,
            String path,
            RunnerSettings settings,
            StopSignal stop,
            Consumer<Upload> begun,
            LongConsumer uploaded) {
        this.store = store;
        this.path = path;
        this.settings = settings;
        this.stop = stop;
        this.begun = begun;
        this.uploaded = uploaded;
        this.registration = stop.onStop(uploads::shutdownNow);
    }

    /** Uploads all that the stream holds and waits until the store has taken it; returns the number of bytes. */
    long pump(InputStream in) {
        long total = 0;
        boolean more = true;
        while (more) {
            byte[] buffer = freeBuffer();
            int length = fill(in, buffer);
            if (length > 0) {
                send(buffer, length);
            }
            total += length;
            more = length == buffer.length;
        }
        uploads.close();
        check();
        return total;
    }

    /** Makes objects of what was uploaded, in order. */
    List<Segment> complete() {
        List<Segment> completed = new ArrayList<>();
        for (OpenSegment segment : segments) {
            stop.check();
            guarded(() -> store.completeUpload(segment.upload, segment.parts()));
            completed.add(new Segment(segment.name, segment.bytes, segment.hash.hex()));
        }
        return completed;
    }

    /** Ends what is on its way. What was begun and not completed is for {@link Leftovers}. */
    @Override
    public void close() {
        registration.close();
        uploads.shutdownNow();
    }

    private void send(byte[] buffer, int length) {
        if (segments.isEmpty() || segments.getLast().count == settings.partsPerSegment()) {
            segments.add(open(segments.size()));
        }
        OpenSegment segment = segments.getLast();
        int number = ++segment.count;
        segment.bytes += length;
        try {
            uploads.execute(() -> upload(segment, number, buffer, length));
        } catch (RejectedExecutionException e) {
            stop.check();
            throw e;
        }
        // While it is on its way.
        segment.hash.take(buffer, length);
        segment.hashed(number);
    }

    private OpenSegment open(int number) {
        String name = String.format(Locale.ROOT, "data.%03d", number);
        Upload upload = guarded(() -> store.startUpload(path + name));
        begun.accept(upload);
        return new OpenSegment(name, upload);
    }

    private void upload(OpenSegment segment, int number, byte[] buffer, int length) {
        try {
            segment.taken.add(store.uploadPart(segment.upload, number, buffer, length));
            uploaded.accept(length);
        } catch (TaskFailure e) {
            failure.compareAndSet(null, inTheMiddle(e));
        } catch (RuntimeException e) {
            failure.compareAndSet(null, new TaskFailure(Reason.INTERNAL_ERROR, "a part could not be uploaded: " + e));
        } finally {
            segment.awaitHashed(number);
            free.add(buffer);
        }
    }

    private byte[] freeBuffer() {
        check();
        if (free.isEmpty() && buffers <= settings.concurrency()) {
            buffers++;
            return new byte[settings.partBytes()];
        }
        try {
            byte[] buffer = free.take();
            check();
            return buffer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop.check();
            throw new TaskFailure(Reason.CANCELLED, "the task was told to stop");
        }
    }

    private int fill(InputStream in, byte[] buffer) {
        int length = 0;
        try {
            while (length < buffer.length) {
                int read = in.read(buffer, length, Math.min(READ_BYTES, buffer.length - length));
                if (read < 0) {
                    break;
                }
                length += read;
            }
        } catch (IOException e) {
            // The program was ended; its exit code tells why.
            stop.check();
        }
        check();
        return length;
    }

    private void check() {
        stop.check();
        TaskFailure first = failure.get();
        if (first != null) {
            throw first;
        }
    }

    private void guarded(Runnable call) {
        guarded(() -> {
            call.run();
            return null;
        });
    }

    private <T> T guarded(Supplier<T> call) {
        try {
            return call.get();
        } catch (TaskFailure e) {
            throw inTheMiddle(e);
        }
    }

    private static TaskFailure inTheMiddle(TaskFailure failure) {
        return failure.reason() == Reason.STORAGE_UNREACHABLE
                ? failure.as(Reason.UPLOAD_FAILED, "the store stopped taking data in the middle of the backup. ")
                : failure;
    }

    /** A segment that isn't an object yet. */
    private static final class OpenSegment {
        private final String name;
        private final Upload upload;
        private final Sha256 hash = new Sha256();
        private final ConcurrentLinkedQueue<UploadedPart> taken = new ConcurrentLinkedQueue<>();
        private int count;
        private long bytes;
        private int hashed;

        OpenSegment(String name, Upload upload) {
            this.name = name;
            this.upload = upload;
        }

        List<UploadedPart> parts() {
            return taken.stream()
                    .sorted(Comparator.comparingInt(UploadedPart::number))
                    .toList();
        }

        synchronized void hashed(int number) {
            hashed = number;
            notifyAll();
        }

        /** A buffer may not be filled anew before it is hashed too. */
        synchronized void awaitHashed(int number) {
            boolean interrupted = false;
            while (hashed < number) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
