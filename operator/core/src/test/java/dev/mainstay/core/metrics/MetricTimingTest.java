package dev.mainstay.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricTimingTest {

    private static final Instant READY = Instant.parse("2026-03-29T01:00:00Z");

    @ParameterizedTest
    @CsvSource({
        ", 2026-03-29T01:01:00Z",
        "1m, 2026-03-29T01:01:00Z",
        "5m, 2026-03-29T01:05:00Z",
        "1h30m, 2026-03-29T02:30:00Z",
        "0s, 2026-03-29T01:00:00Z"
    })
    void givenAWindow_whenThePodsAreReady_thenTheFirstSampleCountsOnceItIsPast(String window, Instant first) {
        assertThat(MetricTiming.firstSample(Checks.looksBack(window), READY)).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-29T00:59:00Z, false",
        "2026-03-29T01:00:00Z, false",
        "2026-03-29T01:04:59.999Z, false",
        "2026-03-29T01:05:00Z, true",
        "2026-03-29T02:00:00Z, true"
    })
    void givenASample_whenItsQueryLooksBackBeyondReady_thenItDoesNotCount(Instant asked, boolean counts) {
        assertThat(MetricTiming.counts(Checks.looksBack("5m"), READY, asked)).isEqualTo(counts);
    }
}
