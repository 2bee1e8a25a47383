package dev.mainstay.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.cache.CacheCleared.Removal;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.CacheClearWork;
import dev.mainstay.core.task.CacheTarget;
import dev.mainstay.core.task.StepReport;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was removed from a cache, in words. */
class CacheClearedTest {

    private static final CacheInfo BEFORE = info(100_000, 52_428_800);
    private static final CacheInfo AFTER = info(40_001, 20_971_520);

    private static CacheInfo info(long keys, long memory) {
        return CacheInfo.parse("used_memory:" + memory + "\ndb0:keys=" + keys + ",expires=0", 0);
    }

    private static CacheClearWork work(boolean dryRun, String... prefixes) {
        return new CacheClearWork(
                new CacheTarget("main", "shop-redis", 6379, false, 0, null, null, null), List.of(prefixes), dryRun);
    }

    @Test
    void givenRemovedKeys_whenItIsTold_thenEachPrefixIsWithWhatIsLeft() {
        StepReport report = new CacheCleared(
                        work(false, "page:", "x".repeat(50)),
                        BEFORE,
                        AFTER,
                        List.of(new Removal(60_000, 59_999, 1L), new Removal(1, 1, 0L)))
                .done();

        assertThat(report.outcome()).isEqualTo(StepOutcome.PASSED);
        assertThat(report.message())
                .isEqualTo(
                        "60,000 keys begin with \"page:\", and 59,999 were removed; 1 written meanwhile is there now."
                                + " 1 key begins with \"" + "x".repeat(39) + "…\", and 1 was removed."
                                + " Database 0 had 100,000 keys, and has 40,001; the server's memory in use went from 50.0 MiB"
                                + " to 20.0 MiB.");
        assertThat(report.facts())
                .containsEntry("found", 60_001L)
                .containsEntry("removed", 60_000L)
                .containsEntry("usedMemoryAfter", 20_971_520L);
    }

    @Test
    void givenADryRun_whenItIsTold_thenNothingWasRemoved() {
        assertThat(new CacheCleared(work(true, "page:"), BEFORE, BEFORE, List.of(new Removal(60_000, 0, null)))
                        .done()
                        .message())
                .startsWith("60,000 keys begin with \"page:\". Nothing was removed (dryRun).");
        assertThat(new CacheCleared(work(true), BEFORE, BEFORE, List.of(new Removal(100_000, 0, null)))
                        .done()
                        .message())
                .startsWith("The whole database would be emptied of 100,000 keys. Nothing was removed (dryRun).");
    }

    @Test
    void givenAnEmptiedDatabase_whenItIsTold_thenItIsSaidHow() {
        assertThat(new CacheCleared(work(false), BEFORE, info(0, 1024), List.of(new Removal(100_000, 100_000, null)))
                        .done()
                        .message())
                .startsWith("The whole database was emptied of 100,000 keys (FLUSHDB ASYNC).");
    }

    /** What was removed is not put back, so it is told. */
    @Test
    void givenAnEndBeforeTheEnd_whenItIsTold_thenWhatWasRemovedUntilThenIsToo() {
        StepReport report = new CacheCleared(
                        work(false, "page:", "cart:"), BEFORE, null, List.of(new Removal(1_000, 1_000, null)))
                .stopped(Reason.DEADLINE_EXCEEDED, "the attempt took longer than its timeout of 1s and was ended");

        assertThat(report.outcome()).isEqualTo(StepOutcome.FAILED);
        assertThat(report.reason()).isEqualTo("DeadlineExceeded");
        assertThat(report.message())
                .isEqualTo("The attempt took longer than its timeout of 1s and was ended. Until then: 1,000 keys begin"
                        + " with \"page:\", and 1,000 were removed.");
        assertThat(new CacheCleared(work(false, "page:"), BEFORE, null, List.of())
                        .stopped(Reason.CONNECTION_FAILED, "It is gone.")
                        .message())
                .isEqualTo("It is gone. Until then: No key was removed.");
    }
}
