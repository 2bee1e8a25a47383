package dev.mainstay.api.rollback;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.metrics.MetricCheck;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** When a rollback counts as verified. */
public record RollbackVerification(
        @JsonPropertyDescription(
                "How long everything that is looked at must pass without a break, after every Pod of the "
                        + "target is available.")
        @Default("1m")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String stableFor,

        @JsonPropertyDescription(
                "What the metrics must show, asked every 10 seconds; they fail when three values in a row "
                        + "don't hold. spec.metrics.prometheus of the ManagedApplication says where they are asked.")
        @Size(max = 8)
        List<MetricCheck> metrics) {

    /** The checks of metrics; empty when there are none. */
    @Override
    public List<MetricCheck> metrics() {
        return metrics == null ? List.of() : metrics;
    }

    private static final String STABLE_FOR = "1m";

    /** What holds when nothing is said. */
    public static final RollbackVerification DEFAULTS = new RollbackVerification(null, null);

    /** How long it must be stable; one minute when nothing is said. */
    @Override
    public String stableFor() {
        return stableFor == null ? STABLE_FOR : stableFor;
    }
}
