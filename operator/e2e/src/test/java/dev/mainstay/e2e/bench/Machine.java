package dev.mainstay.e2e.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the machine of a measurement can do, so that its figures can be compared with those of another one. */
final class Machine {

    private static final int RUNS = 5;

    private Machine() {}

    static Map<String, Object> describe() throws IOException {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        machine.put(
                "model",
                Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.replaceFirst(".*: ", ""))
                        .findFirst()
                        .orElse("unknown"));
        machine.put("javaVersionMilliseconds", Series.of(javaStarts()));
        machine.put("fsyncMicroseconds", Series.of(syncs()));
        return machine;
    }

    /** The shortest life of a Java process: the floor of every start. */
    private static List<Long> javaStarts() throws IOException {
        List<Long> starts = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            long begin = System.nanoTime();
            Process java = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            java.onExit().join();
            starts.add((System.nanoTime() - begin) / 1_000_000);
        }
        return starts;
    }

    private static List<Long> syncs() throws IOException {
        List<Long> syncs = new ArrayList<>();
        Path file = Files.createTempFile("mainstay-fsync-", null);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int run = 0; run < RUNS; run++) {
                channel.write(ByteBuffer.allocate(4096));
                long begin = System.nanoTime();
                channel.force(true);
                syncs.add((System.nanoTime() - begin) / 1_000);
            }
        } finally {
            Files.delete(file);
        }
        return syncs;
    }
}
