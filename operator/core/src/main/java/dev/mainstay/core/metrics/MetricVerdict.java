package dev.mainstay.core.metrics;

import dev.mainstay.api.metrics.Comparison;
import dev.mainstay.api.metrics.MetricCheck;
import dev.mainstay.api.metrics.NoDataPolicy;

/** What a sample means for its check. The four are kept apart: no data and an error are no proof of anything. */
public enum MetricVerdict {
    /** The comparison holds. */
    PASS,
    /** It does not. */
    FAIL,
    /** There is no value to compare. */
    NO_DATA,
    /** It isn't known whether there is one, or this version does not know the comparison. */
    ERROR;

    /** The verdict on a sample. */
    public static MetricVerdict of(MetricCheck check, MetricSample sample) {
        return switch (sample) {
            case MetricSample.Value(double value) -> compare(check, value);
            case MetricSample.NoData none -> NO_DATA;
            case MetricSample.Failed failed -> ERROR;
        };
    }

    /** The verdict once the check has its say about no data; an error stays one. */
    public MetricVerdict under(NoDataPolicy policy) {
        if (this != NO_DATA) {
            return this;
        }
        return policy == NoDataPolicy.IGNORE ? PASS : FAIL;
    }

    private static MetricVerdict compare(MetricCheck check, double value) {
        if (check.comparison() == Comparison.UNRECOGNIZED) {
            return ERROR;
        }
        double limit = ThresholdUnit.limit(check.threshold());
        boolean holds = check.comparison() == Comparison.LESS_THAN ? value < limit : value > limit;
        return holds ? PASS : FAIL;
    }
}
