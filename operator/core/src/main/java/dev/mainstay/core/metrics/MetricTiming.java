package dev.mainstay.core.metrics;

import dev.mainstay.api.metrics.MetricCheck;
import dev.mainstay.core.Durations;
import java.time.Instant;

/**
 * When a check's samples begin to count. A query looks back over its window, and one that is sent before the window lies
 * wholly after the moment when the Pods were ready would tell of the Pods before them.
 */
public final class MetricTiming {

    private MetricTiming() {}

    /**
     * When the first sample counts.
     *
     * @param ready when the last of the Pods became ready
     */
    public static Instant firstSample(MetricCheck check, Instant ready) {
        return ready.plus(Durations.parse(check.window()));
    }

    /**
     * Whether a sample counts.
     *
     * @param asked when its query was sent
     */
    public static boolean counts(MetricCheck check, Instant ready, Instant asked) {
        return !asked.isBefore(firstSample(check, ready));
    }
}
