package dev.mainstay.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.backup.Manifest.Segment;
import dev.mainstay.runner.task.RunnerSettings;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskFailure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentedUploadTest {

    private static final int PART = 1000;
    private static final int PARTS = 3;
    private static final RunnerSettings SETTINGS = new RunnerSettings(
            Path.of("/"),
            Path.of("/"),
            Path.of("/"),
            Path.of("/"),
            PART,
            PARTS,
            2,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            1);

    private final StopSignal stop = new StopSignal();
    private final List<Object> begun = new ArrayList<>();
    private final AtomicLong uploaded = new AtomicLong();

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "999, 1",
        "1000, 1",
        "1001, 1",
        "2999, 1",
        "3000, 1",
        "3001, 2",
        "6000, 2",
        "6001, 3",
        "29999, 10",
    })
    void aStreamIsCutIntoSegmentsThatJoinToItself(int bytes, int segments) {
        byte[] stream = random(bytes);
        MemoryStore store = new MemoryStore();
        try (SegmentedUpload upload = upload(store)) {
            assertThat(upload.pump(dribbling(stream))).isEqualTo(bytes);
            assertThat(store.objects)
                    .as("nothing appears before it is completed")
                    .isEmpty();

            List<Segment> completed = upload.complete();

            assertThat(completed).extracting(Segment::name).hasSize(segments).startsWith("data.000");
            assertThat(joined(store, completed)).isEqualTo(stream);
            assertThat(completed).allSatisfy(segment -> {
                byte[] body = store.objects.get("a/" + segment.name());
                assertThat(segment.bytes()).isEqualTo(body.length).isLessThanOrEqualTo((long) PART * PARTS);
                assertThat(segment.sha256()).isEqualTo(Sha256.of(body));
            });
            assertThat(begun).hasSize(segments);
            assertThat(uploaded).hasValue(bytes);
        }
    }

    @Test
    void anEmptyStreamMakesNoObject() {
        MemoryStore store = new MemoryStore();
        try (SegmentedUpload upload = upload(store)) {
            assertThat(upload.pump(InputStream.nullInputStream())).isZero();
            assertThat(upload.complete()).isEmpty();
            assertThat(begun).isEmpty();
        }
    }

    @Test
    void noMorePartsAreOnTheirWayThanAllowed() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        MemoryStore store = new MemoryStore() {
            @Override
            public UploadedPart uploadPart(Upload upload, int number, byte[] buffer, int length) {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                Thread.yield();
                now.decrementAndGet();
                return super.uploadPart(upload, number, buffer, length);
            }
        };
        try (SegmentedUpload upload = upload(store)) {
            upload.pump(new ByteArrayInputStream(random(50 * PART)));
        }
        // One buffer is being filled while the others are on their way; it may be sent before theirs are back.
        assertThat(most.get()).isLessThanOrEqualTo(SETTINGS.concurrency() + 1);
    }

    @Test
    void aRefusedPartEndsTheUpload() {
        MemoryStore store = new MemoryStore() {
            @Override
            public UploadedPart uploadPart(Upload upload, int number, byte[] buffer, int length) {
                throw new TaskFailure(Reason.STORAGE_UNREACHABLE, "The store is away.");
            }
        };
        try (SegmentedUpload upload = upload(store)) {
            assertThatThrownBy(() -> upload.pump(new ByteArrayInputStream(random(50 * PART))))
                    .isInstanceOfSatisfying(
                            TaskFailure.class,
                            failure -> assertThat(failure.reason()).isEqualTo(Reason.UPLOAD_FAILED))
                    .hasMessageContaining("The store is away.");
        }
        assertThat(store.objects).isEmpty();
    }

    @Test
    void aStopEndsAnUploadThatWaitsForTheStore() {
        Semaphore never = new Semaphore(0);
        MemoryStore store = new MemoryStore() {
            @Override
            public UploadedPart uploadPart(Upload upload, int number, byte[] buffer, int length) {
                stop.stop(Reason.DEADLINE_EXCEEDED, "too long");
                try {
                    never.acquire();
                } catch (InterruptedException e) {
                    throw new TaskFailure(Reason.CANCELLED, "interrupted");
                }
                throw new AssertionError();
            }
        };
        try (SegmentedUpload upload = upload(store)) {
            assertThatThrownBy(() -> upload.pump(new ByteArrayInputStream(random(50 * PART))))
                    .isInstanceOfSatisfying(
                            TaskFailure.class,
                            failure -> assertThat(failure.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED));
        }
    }

    private SegmentedUpload upload(MemoryStore store) {
        return new SegmentedUpload(store, "a/", SETTINGS, stop, begun::add, uploaded::addAndGet);
    }

    private static byte[] joined(MemoryStore store, List<Segment> segments) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        segments.forEach(segment -> all.writeBytes(store.objects.get("a/" + segment.name())));
        return all.toByteArray();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** As a pipe does: fewer bytes than asked for. */
    private static InputStream dribbling(byte[] bytes) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                return super.read(buffer, offset, Math.min(length, 333));
            }
        };
    }
}
