package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.runner.backup.LargeBucketMain;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A folder of 100,000 backups is listed, read and planned in the memory that a Job's container has. */
@Tag("process")
class RetentionSizeProcessTest {

    /** Half of the container's 384 MiB, less what the parts of an upload took and may still take. */
    private static final String HEAP = "-Xmx96m";

    @Test
    void given100000Backups_whenTheyArePlanned_thenItTakesLessThanTheHeapOfAJob() {
        String output = Programs.run(
                Map.of(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-XX:-UsePerfData",
                        "-XX:+UseSerialGC",
                        "-XX:+UseCompactObjectHeaders",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeBucketMain.class.getName()));

        System.out.println("retention: " + output.strip().lines().toList().getLast());
        assertThat(output).contains("99970 of 100000 would be removed");
    }
}
