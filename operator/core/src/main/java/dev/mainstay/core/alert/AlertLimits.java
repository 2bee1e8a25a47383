package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertThreshold;
import dev.mainstay.core.Durations;
import java.math.BigDecimal;

/** What the values of a rule are compared with, in the unit of their source: ratios from 0 to 1, times in seconds. */
public final class AlertLimits {

    private static final int PERCENT = 2;
    private static final int MILLISECONDS = 3;

    private AlertLimits() {}

    /** The threshold in the unit of the source: 1 % is 0.01, 500 ms are 0.5, 21d are 1814400. */
    public static double limit(AlertThreshold threshold) {
        if (threshold.percent() != null) {
            return shifted(threshold.percent(), PERCENT);
        }
        if (threshold.milliseconds() != null) {
            return shifted(threshold.milliseconds(), MILLISECONDS);
        }
        return threshold.duration() != null
                ? Durations.parse(threshold.duration()).toSeconds()
                : threshold.value();
    }

    /** By decimals: 0.1 / 100 is not the number nearest to 0.001. */
    private static double shifted(double amount, int places) {
        return BigDecimal.valueOf(amount).movePointLeft(places).doubleValue();
    }
}
