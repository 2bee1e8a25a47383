package dev.mainstay.runner.backup;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.backup.Manifest.Segment;
import dev.mainstay.runner.storage.ObjectStore;
import dev.mainstay.runner.task.RunnerSettings;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads segments in order, some ranges ahead side by side, out of a fixed set of buffers. A segment that is missing or
 * shorter than its manifest says is damage ({@link Reason#VERIFICATION_FAILED}); everything else that goes wrong is not.
 */
final class SegmentReader {

    /** Takes what was read, in order. */
    interface Sink {
        void take(Segment segment, byte[] buffer, int length);

        /** The whole segment was taken. */
        void endOf(Segment segment);
    }

    private record Range(Segment segment, long offset, int length) {
        boolean isLast() {
            return offset + length == segment.bytes();
        }
    }

    private record Reading(Range range, byte[] buffer, Future<Integer> read) {}

    private final ObjectStore store;
    private final String path;
    private final int rangeBytes;
    private final int ahead;
    private final StopSignal stop;

    SegmentReader(ObjectStore store, String path, RunnerSettings settings, StopSignal stop) {
        this.store = store;
        this.path = path;
        this.rangeBytes = Math.max(1, settings.partBytes() / 2);
        this.ahead = settings.concurrency();
        this.stop = stop;
    }

    /** Reads them all. */
    void read(List<Segment> segments, Sink sink) {
        Iterator<Range> ranges = ranges(segments).iterator();
        Deque<byte[]> free = new ArrayDeque<>();
        Deque<Reading> pending = new ArrayDeque<>();
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
                StopSignal.Registration _ = stop.onStop(readers::shutdownNow)) {
            try {
                while (ranges.hasNext() || !pending.isEmpty()) {
                    stop.check();
                    while (pending.size() < ahead && ranges.hasNext()) {
                        pending.add(start(readers, ranges.next(), free.isEmpty() ? new byte[rangeBytes] : free.pop()));
                    }
                    Reading reading = pending.remove();
                    take(reading, sink);
                    free.push(reading.buffer());
                }
            } finally {
                readers.shutdownNow();
            }
        }
    }

    private Reading start(ExecutorService readers, Range range, byte[] buffer) {
        return new Reading(
                range,
                buffer,
                readers.submit(
                        () -> store.readRange(path + range.segment().name(), range.offset(), buffer, range.length())));
    }

    private void take(Reading reading, Sink sink) {
        Range range = reading.range();
        int read = await(reading.read());
        String name = store.describe(path + range.segment().name());
        if (read < 0) {
            throw new TaskFailure(Reason.VERIFICATION_FAILED, name + " is missing");
        }
        if (read < range.length()) {
            throw new TaskFailure(
                    Reason.VERIFICATION_FAILED,
                    name + " ends after " + (range.offset() + read) + " of "
                            + range.segment().bytes() + " bytes");
        }
        sink.take(range.segment(), reading.buffer(), read);
        if (range.isLast()) {
            sink.endOf(range.segment());
        }
    }

    private int await(Future<Integer> read) {
        try {
            return read.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop.check();
            throw new TaskFailure(Reason.CANCELLED, "the task was told to stop");
        } catch (ExecutionException e) {
            stop.check();
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private List<Range> ranges(List<Segment> segments) {
        List<Range> ranges = new ArrayList<>();
        for (Segment segment : segments) {
            for (long offset = 0; offset < segment.bytes(); offset += rangeBytes) {
                ranges.add(new Range(segment, offset, (int) Math.min(rangeBytes, segment.bytes() - offset)));
            }
        }
        return ranges;
    }
}
