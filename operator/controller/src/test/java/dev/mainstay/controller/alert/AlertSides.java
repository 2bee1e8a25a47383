package dev.mainstay.controller.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleSpec;
import dev.mainstay.api.metrics.Comparison;
import dev.mainstay.core.alert.AlertLimits;
import dev.mainstay.core.alert.Evaluation;
import dev.mainstay.core.alert.Evaluation.Failed;
import dev.mainstay.core.alert.Evaluation.Measured;
import dev.mainstay.core.alert.Evaluation.NoData;
import java.util.Objects;

/** Whether a measurement may change how an alert stands, by what it is beside the one before. */
final class AlertSides {

    private AlertSides() {}

    /**
     * Whether it may: it is the first, another of the three kinds, whole where the other was partial, or on the other side of
     * a threshold.
     *
     * @param before the measurement before; null for the first
     */
    static boolean mayChange(AlertRule rule, Evaluation before, Evaluation after) {
        return switch (after) {
            case Measured now ->
                !(before instanceof Measured then)
                        || (now.partial() == null) != (then.partial() == null)
                        || side(rule.getSpec(), now.value()) != side(rule.getSpec(), then.value());
            case NoData now -> !(before instanceof NoData);
            case Failed now -> !(before instanceof Failed then) || !Objects.equals(now.source(), then.source());
        };
    }

    /** 2 where it is an alert, 1 where a firing one goes on, 0 where it is none. */
    private static int side(AlertRuleSpec spec, double value) {
        if (spec.threshold() == null) {
            return value > 0 ? 2 : 0;
        }
        boolean below = spec.comparison() == Comparison.LESS_THAN;
        double sign = below ? -1 : 1;
        double limit = sign * AlertLimits.limit(spec.threshold());
        double recovered = spec.recoverThreshold() == null ? limit : sign * AlertLimits.limit(spec.recoverThreshold());
        if (sign * value > limit) {
            return 2;
        }
        return sign * value > recovered ? 1 : 0;
    }
}
