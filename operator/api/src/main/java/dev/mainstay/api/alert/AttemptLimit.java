package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How many attempts there are at most in a span of time. */
public record AttemptLimit(
        @JsonPropertyDescription(
                "How many attempts are made at most while the alert fires, and at most in any span of per, however often it fires"
                        + " in it.")
        @Default("3")
        @Min(1)
        @Max(5)
        Integer count,

        @JsonPropertyDescription("The span of time.")
        @Default("1h")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String per) {

    /** What holds when nothing is said. */
    public static final AttemptLimit DEFAULTS = new AttemptLimit(null, null);

    /** How many; three when nothing is said. */
    @Override
    public Integer count() {
        return count == null ? Integer.valueOf(3) : count;
    }

    /** In which span; an hour when nothing is said. */
    @Override
    public String per() {
        return per == null ? "1h" : per;
    }
}
