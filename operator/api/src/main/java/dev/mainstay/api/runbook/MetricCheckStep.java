package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.metrics.Comparison;
import dev.mainstay.api.metrics.Threshold;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A question to the Prometheus that spec.metrics of the application names, and what must hold of its answer. */
@ValidationRule(
        value = "has(self.comparison) == has(self.threshold)",
        message = "comparison and threshold go together: give both, or leave both out")
@ValidationRule(
        value = "has(self.before) == has(self.maxIncreasePercent)",
        message = "before and maxIncreasePercent go together: give both, or leave both out")
@ValidationRule(
        value = "has(self.threshold) || has(self.before)",
        message = "says nothing that must hold: give comparison and threshold, or before and maxIncreasePercent")
public record MetricCheckStep(
        @JsonPropertyDescription(
                "Query in PromQL that gives one value: a scalar, or a vector of one series. Aggregate, "
                        + "with sum() for example, where there are several.")
        @Required
        @Size(min = 1, max = 4096)
        String promql,

        @JsonPropertyDescription(
                "How the value must stand to threshold: LessThan with 1 percent holds while it is below 1 %. "
                        + "A value that equals the threshold does not hold.")
        Comparison comparison,

        @JsonPropertyDescription("What the value is compared with.")
        @ValidationRule(value = Threshold.ONE_UNIT, message = Threshold.ONE_UNIT_MESSAGE)
        Threshold threshold,

        @JsonPropertyDescription(
                "How long ago the query is asked for too, such as 7d: Prometheus must have kept what was then.")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String before,

        @JsonPropertyDescription(
                "By how much the value may be larger than it was then, in percent of what it was; 0 allows no increase.")
        @Min(0)
        @Max(1_000_000)
        Integer maxIncreasePercent,

        @JsonPropertyDescription(
                "What the step comes to where it does not hold: Failed, or Findings, which stops no run.")
        @Default("Failed")
        UnmetOutcome whenUnmet) {

    /** What the step comes to; failed when nothing is said. */
    @Override
    public UnmetOutcome whenUnmet() {
        return whenUnmet == null ? UnmetOutcome.FAILED : whenUnmet;
    }
}
