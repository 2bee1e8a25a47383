package dev.mainstay.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.backup.Manifest.Segment;
import dev.mainstay.runner.task.RunnerSettings;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskFailure;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentReaderTest {

    private static final RunnerSettings SETTINGS = new RunnerSettings(
            Path.of("/"),
            Path.of("/"),
            Path.of("/"),
            Path.of("/"),
            1000,
            3,
            3,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            1);

    private final MemoryStore store = new MemoryStore();
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private final List<String> ended = new ArrayList<>();

    @Test
    void segmentsComeInOrder() {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Segment segment = segment("data.00" + i, 1 + 1700 * i);
            segments.add(segment);
            expected.writeBytes(store.objects.get("a/" + segment.name()));
        }

        read(segments);

        assertThat(all.toByteArray()).isEqualTo(expected.toByteArray());
        assertThat(ended).containsExactly("data.000", "data.001", "data.002", "data.003", "data.004");
    }

    @Test
    void aShorterSegmentIsDamage() {
        Segment segment = segment("data.000", 1234);
        store.objects.put("a/data.000", new byte[1233]);

        assertThatThrownBy(() -> read(List.of(segment)))
                .isInstanceOfSatisfying(
                        TaskFailure.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.VERIFICATION_FAILED))
                .hasMessage("s3://bucket/a/data.000 ends after 1233 of 1234 bytes");
    }

    @Test
    void aMissingSegmentIsDamage() {
        Segment segment = segment("data.000", 1234);
        store.objects.clear();

        assertThatThrownBy(() -> read(List.of(segment)))
                .isInstanceOfSatisfying(
                        TaskFailure.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.VERIFICATION_FAILED))
                .hasMessage("s3://bucket/a/data.000 is missing");
    }

    @Test
    void anotherTroubleIsNone() {
        Segment segment = segment("data.000", 1234);
        MemoryStore away = new MemoryStore() {
            @Override
            public int readRange(String key, long offset, byte[] buffer, int length) {
                throw new TaskFailure(Reason.STORAGE_UNREACHABLE, "away");
            }
        };

        assertThatThrownBy(
                        () -> new SegmentReader(away, "a/", SETTINGS, new StopSignal()).read(List.of(segment), sink()))
                .isInstanceOfSatisfying(
                        TaskFailure.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.STORAGE_UNREACHABLE));
    }

    private void read(List<Segment> segments) {
        new SegmentReader(store, "a/", SETTINGS, new StopSignal()).read(segments, sink());
    }

    private SegmentReader.Sink sink() {
        return new SegmentReader.Sink() {
            @Override
            public void take(Segment segment, byte[] buffer, int length) {
                all.write(buffer, 0, length);
            }

            @Override
            public void endOf(Segment segment) {
                ended.add(segment.name());
            }
        };
    }

    private Segment segment(String name, int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        store.objects.put("a/" + name, bytes);
        return new Segment(name, length, Sha256.of(bytes));
    }
}
