package dev.mainstay.core.metrics;

import dev.mainstay.api.metrics.Comparison;
import dev.mainstay.api.metrics.MetricCheck;
import dev.mainstay.api.metrics.Threshold;

/** Checks of the tests. */
final class Checks {

    private Checks() {}

    static MetricCheck percent(Comparison comparison, double threshold) {
        return check(comparison, new Threshold(threshold, null, null));
    }

    static MetricCheck milliseconds(Comparison comparison, double threshold) {
        return check(comparison, new Threshold(null, threshold, null));
    }

    static MetricCheck value(Comparison comparison, double threshold) {
        return check(comparison, new Threshold(null, null, threshold));
    }

    static MetricCheck looksBack(String window) {
        return new MetricCheck("up", Comparison.GREATER_THAN, new Threshold(null, null, 0d), window, null);
    }

    private static MetricCheck check(Comparison comparison, Threshold threshold) {
        return new MetricCheck("sum(rate(errors[1m]))", comparison, threshold, null, null);
    }
}
