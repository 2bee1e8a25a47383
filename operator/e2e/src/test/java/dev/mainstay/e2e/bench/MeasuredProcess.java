package dev.mainstay.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a process of this machine uses, from one moment to another. */
final class MeasuredProcess {

    private final long pid;
    private final Instant from = Instant.now();
    private final Duration before;

    private MeasuredProcess(long pid) {
        this.pid = pid;
        this.before = processorTime();
    }

    /** From now on. */
    static MeasuredProcess of(long pid) {
        return new MeasuredProcess(pid);
    }

    /** Until now: the part of one processor in percent, and the memory that it holds. */
    Map<String, Object> until() throws IOException {
        Map<String, Object> used = new LinkedHashMap<>();
        long millis = processorTime().minus(before).toMillis();
        long wall = Duration.between(from, Instant.now()).toMillis();
        used.put("percentOfOneProcessor", Math.round(1000.0 * millis / wall) / 10.0);
        used.put("residentMebibytes", residentKibibytes() / 1024);
        return used;
    }

    private Duration processorTime() {
        return ProcessHandle.of(pid).orElseThrow().info().totalCpuDuration().orElseThrow();
    }

    private long residentKibibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .map(Long::valueOf)
                .findFirst()
                .orElseThrow();
    }
}
