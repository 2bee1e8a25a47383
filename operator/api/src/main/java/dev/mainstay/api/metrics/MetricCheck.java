package dev.mainstay.api.metrics;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A question to Prometheus, and the answer that is a good one. */
public record MetricCheck(
        @JsonPropertyDescription(
                "Query in PromQL that gives one value: a scalar, or a vector of one series. Aggregate, "
                        + "with sum() for example, where there are several.")
        @Required
        @Size(min = 1, max = 4096)
        String promql,

        @JsonPropertyDescription(
                "What must hold for the check to pass: LessThan with 1 percent passes while the value is "
                        + "below 1 %, GreaterThan while it is above. A value that equals the threshold does not pass.")
        @Required
        Comparison comparison,

        @JsonPropertyDescription("What the value is compared with.")
        @Required
        @ValidationRule(value = Threshold.ONE_UNIT, message = Threshold.ONE_UNIT_MESSAGE)
        Threshold threshold,

        @JsonPropertyDescription("How far the query looks back: the longest range in it, such as 1m for rate(…[1m]). A "
                + "value counts once this has passed since the Pods were ready; an earlier one would tell of the Pods "
                + "before them.")
        @Default("1m")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.DURATION, message = FieldRules.DURATION_MESSAGE)
        String window,

        @JsonPropertyDescription(
                "Whether the check passes when there is no value: no series, or NaN, which 0/0 gives. An "
                        + "error is neither.")
        @Default("Fail")
        NoDataPolicy onNoData) {

    /** How far the query looks back; {@code 1m} when nothing is given. */
    @Override
    public String window() {
        return window == null ? "1m" : window;
    }

    /** What no value means; {@code Fail} when nothing is given. */
    @Override
    public NoDataPolicy onNoData() {
        return onNoData == null ? NoDataPolicy.FAIL : onNoData;
    }
}
