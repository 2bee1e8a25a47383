package dev.mainstay.controller.backup;

import dev.mainstay.controller.kube.PodLogs;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskProgress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Reads how far running Jobs are from the ends of their logs, on a timer of its own, so that a pass never waits for a
 * kubelet. What nobody has asked about for a minute is forgotten.
 */
public final class ProgressSampler implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(1);
    private static final int READS_AT_ONCE = 16;
    private static final int LINES = 20;

    private final PodLogs logs;
    private final Clock clock;
    private final Map<String, Sample> samples = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timers =
            Executors.newScheduledThreadPool(READS_AT_ONCE, Thread.ofVirtual().factory());

    private record Sample(String namespace, String pod, Instant askedAt, TaskProgress newest) {}

    public ProgressSampler(PodLogs logs, Clock clock) {
        this.logs = logs;
        this.clock = clock;
    }

    /** The newest progress of a Pod as far as it has been read; asking keeps it being read. */
    public Optional<TaskProgress> newest(String namespace, String pod) {
        String key = namespace + "/" + pod;
        Sample sample = samples.compute(
                key,
                (ignored, known) -> new Sample(namespace, pod, clock.instant(), known == null ? null : known.newest()));
        if (sample.newest() == null) {
            timers.execute(() -> read(key));
        }
        return Optional.ofNullable(sample.newest());
    }

    /** Begins to read. */
    public void start() {
        timers.scheduleWithFixedDelay(this::readAll, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void readAll() {
        Instant forgotten = clock.instant().minus(FORGOTTEN_AFTER);
        samples.values().removeIf(sample -> sample.askedAt().isBefore(forgotten));
        samples.keySet().forEach(key -> timers.execute(() -> read(key)));
    }

    private void read(String key) {
        Sample sample = samples.get(key);
        if (sample == null) {
            return;
        }
        List<String> lines = logs.tail(sample.namespace(), sample.pod(), LINES);
        lines.reversed().stream()
                .map(TaskJson::readProgress)
                .flatMap(Optional::stream)
                .findFirst()
                .ifPresent(progress -> samples.computeIfPresent(
                        key,
                        (ignored, known) -> new Sample(known.namespace(), known.pod(), known.askedAt(), progress)));
    }

    @Override
    public void close() {
        timers.shutdownNow();
    }
}
