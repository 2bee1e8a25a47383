package dev.mainstay.core.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.VerificationLevel;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A folder of 100,000 backups is planned within what a Job has; time is printed, and decides nothing. */
class RetentionSizeTest {

    private static final int BACKUPS = 100_000;
    private static final long MOST_BYTES = 80L << 20;
    private static final Instant NOW = Instant.parse("2026-03-29T12:00:00Z");

    @Test
    void given100000Backups_whenTheyArePlanned_thenThePlanFitsWell() {
        long before = used();
        List<StoredBackup> backups = new ArrayList<>();
        for (int i = 0; i < BACKUPS; i++) {
            backups.add(new StoredBackup(
                    "20260329T010002Z-b1c2d3e4-" + i + "/",
                    NOW.minusSeconds(3600L * i),
                    VerificationLevel.FULL_READ,
                    false,
                    null,
                    i));
        }
        // Rules that keep most of them take the most memory: each has its reasons in words.
        RetentionRules rules = new RetentionRules(BACKUPS - 1, BACKUPS / 2, 30, 8, 12, 5, 86_400L, 1);

        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        RetentionPlan plan = RetentionPlanner.plan(new RetentionRequest(
                rules, VerificationLevel.FULL_READ, backups, ZoneId.of("Europe/Berlin"), NOW, false));
        Duration took = Duration.ofNanos(threads.getCurrentThreadCpuTime() - start);

        long bytes = used() - before;
        System.out.println("retention: " + BACKUPS + " backups planned in " + took.toMillis()
                + " ms of a processor, entries and plan " + (bytes >> 20) + " MiB");
        assertThat(plan.removed()).hasSize(1);
        assertThat(plan.kept()).hasSize(backups.size() - 1);
        assertThat(bytes).isLessThan(MOST_BYTES);
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
