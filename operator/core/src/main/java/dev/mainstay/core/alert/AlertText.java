package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertThreshold;
import dev.mainstay.api.metrics.Threshold;
import dev.mainstay.core.Durations;
import dev.mainstay.core.metrics.MetricText;
import java.time.Duration;

/** Values of rules in words, in the unit of their threshold. */
public final class AlertText {

    private static final int[] UNITS = {86_400, 3_600, 60, 1};
    private static final int FEWEST_UNITS = 2;
    private static final double LONGEST_SECONDS = 1e15;
    private static final Threshold PLAIN = new Threshold(null, null, 0d);

    private AlertText() {}

    /**
     * A value: {@code 2.4 %}, {@code 512 ms}, {@code 3d4h}. It has as many figures as it takes to tell it from the threshold.
     *
     * @param threshold in whose unit; null for a number without one
     * @param value in the unit of the source
     */
    public static String value(AlertThreshold threshold, double value) {
        if (threshold == null) {
            return MetricText.value(PLAIN, value);
        }
        if (threshold.duration() != null && Math.abs(value) < LONGEST_SECONDS) {
            return duration((long) value, (long) AlertLimits.limit(threshold));
        }
        return MetricText.value(
                threshold.duration() != null
                        ? PLAIN
                        : new Threshold(threshold.percent(), threshold.milliseconds(), threshold.value()),
                value);
    }

    /** A threshold: {@code 1 %}, {@code 500 ms}, {@code 1d2h}. */
    public static String limit(AlertThreshold threshold) {
        return value(threshold, AlertLimits.limit(threshold));
    }

    /**
     * Why a value is none: a division by 0 is no measurement, and infinity is on the same side of every threshold
     * (kedacore/keda issues 3644 and 7475).
     *
     * @param value NaN or infinite
     */
    public static String noNumber(double value) {
        if (Double.isNaN(value)) {
            return "the value is NaN, as 0/0 is";
        }
        return value > 0
                ? "the value is +Inf, as 1/0 is, and no number"
                : "the value is -Inf, as -1/0 is, and no number";
    }

    private static String duration(long seconds, long limit) {
        int units = FEWEST_UNITS;
        while (seconds != limit && units < UNITS.length && rounded(seconds, units) == rounded(limit, units)) {
            units++;
        }
        long shown = rounded(seconds, units);
        return (shown < 0 ? "-" : "") + Durations.format(Duration.ofSeconds(Math.abs(shown)));
    }

    /** With so many units, the largest that it has and those after it: what is less is left out. */
    private static long rounded(long seconds, int units) {
        long amount = Math.abs(seconds);
        for (int unit = 0; unit < UNITS.length; unit++) {
            if (amount >= UNITS[unit]) {
                int smallest = UNITS[Math.min(unit + units - 1, UNITS.length - 1)];
                return Long.signum(seconds) * (amount - amount % smallest);
            }
        }
        return 0;
    }
}
