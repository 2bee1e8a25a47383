package dev.mainstay.core.metrics;

import dev.mainstay.api.metrics.Comparison;
import dev.mainstay.api.metrics.MetricCheck;
import dev.mainstay.api.metrics.Threshold;

/** Checks and their samples in words, in the unit of the threshold. */
public final class MetricText {

    private MetricText() {}

    /** What must hold: {@code less than 1 %}. */
    public static String wanted(MetricCheck check) {
        return words(check.comparison()) + " "
                + ThresholdUnit.of(check.threshold()).text(ThresholdUnit.limit(check.threshold()));
    }

    /** What a sample shows, for a sentence's end: {@code 2.4 % is not less than 1 %}. */
    public static String found(MetricCheck check, MetricSample sample) {
        return switch (sample) {
            case MetricSample.Value(double value)
            when check.comparison() == Comparison.UNRECOGNIZED ->
                "the comparison is one that this version of Mainstay does not know; it knows GreaterThan and LessThan."
                        + " Correct it, or upgrade Mainstay";
            case MetricSample.Value(double value) ->
                value(check, value)
                        + (MetricVerdict.of(check, sample) == MetricVerdict.PASS ? " is " : " is not ")
                        + wanted(check);
            case MetricSample.NoData(String why) -> "no data: " + why;
            case MetricSample.Failed(String why) -> why;
        };
    }

    /** A value of Prometheus in the unit of the check's threshold: 0.024 is {@code 2.4 %}. */
    public static String value(MetricCheck check, double value) {
        return value(check.threshold(), value);
    }

    /** A value of Prometheus in the unit of a threshold. */
    public static String value(Threshold threshold, double value) {
        return ThresholdUnit.of(threshold).text(value, ThresholdUnit.limit(threshold));
    }

    /** The unit of a threshold as the end of a name: {@code Percent}, {@code Milliseconds}, or nothing. */
    public static String unit(Threshold threshold) {
        return ThresholdUnit.of(threshold).nameEnd();
    }

    /** A value of Prometheus as a number in the unit of a threshold: 0.024 is 2.4 with percent. */
    public static double amount(Threshold threshold, double value) {
        return ThresholdUnit.of(threshold).amount(value);
    }

    /** The number that a threshold says, in its own unit. */
    public static double limit(Threshold threshold) {
        return ThresholdUnit.said(threshold);
    }

    private static String words(Comparison comparison) {
        return switch (comparison) {
            case GREATER_THAN -> "greater than";
            case LESS_THAN -> "less than";
            case UNRECOGNIZED -> "unrecognized";
        };
    }
}
