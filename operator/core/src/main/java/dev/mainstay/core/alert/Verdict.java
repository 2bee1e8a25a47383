package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertRuleSpec;
import dev.mainstay.api.alert.AlertThreshold;
import dev.mainstay.api.alert.OutcomePolicy;
import dev.mainstay.api.alert.ResolveReason;
import dev.mainstay.api.metrics.Comparison;

/** What a measurement means to a rule. */
enum Verdict {
    /** What the rule watches for is there. */
    BREACH,
    /** It is not, and the value has not come back to recoverThreshold either. */
    BETWEEN,
    /** All is well. */
    GOOD,
    /** The value is good, and only a part of what it is made from was there. */
    DOUBTFUL,
    /** There is no value, and the rule keeps its state. */
    NONE;

    /** A health check has no threshold: 0 is well, and anything above is not. */
    private static final double WELL = 0;

    static Verdict of(AlertRuleSpec spec, Evaluation evaluation) {
        return switch (evaluation) {
            case Evaluation.Measured measured -> of(spec, measured);
            case Evaluation.NoData ignored -> of(spec.noData());
            case Evaluation.Failed ignored -> of(spec.onError());
        };
    }

    /** Why an alert ends that ends by this measurement. */
    static ResolveReason reason(Evaluation evaluation) {
        return switch (evaluation) {
            case Evaluation.Measured ignored -> ResolveReason.RECOVERED;
            case Evaluation.NoData ignored -> ResolveReason.SERIES_GONE;
            case Evaluation.Failed ignored -> ResolveReason.ERRORS_ACCEPTED;
        };
    }

    private static Verdict of(AlertRuleSpec spec, Evaluation.Measured measured) {
        if (breaches(spec.comparison(), spec.threshold(), measured.value())) {
            return BREACH;
        }
        if (measured.partial() != null) {
            return DOUBTFUL;
        }
        AlertThreshold wanted = spec.recoverThreshold() == null ? spec.threshold() : spec.recoverThreshold();
        return breaches(spec.comparison(), wanted, measured.value()) ? BETWEEN : GOOD;
    }

    /** A value that equals the threshold is no alert. */
    private static boolean breaches(Comparison comparison, AlertThreshold threshold, double value) {
        if (threshold == null) {
            return value > WELL;
        }
        double limit = AlertLimits.limit(threshold);
        return comparison == Comparison.GREATER_THAN ? value > limit : value < limit;
    }

    private static Verdict of(OutcomePolicy policy) {
        return switch (policy) {
            case ALERT -> BREACH;
            case OK -> GOOD;
            case KEEP_STATE, UNRECOGNIZED -> NONE;
        };
    }
}
