package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What happens after an attempt that failed for a reason that may pass. */
public record Retry(
        @JsonPropertyDescription("How many further attempts are made.") @Default("2") @Min(0) @Max(10)
        Integer limit,

        @JsonPropertyDescription("Wait before the second attempt; it doubles each time, up to 30m.")
        @Default("5m")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.DURATION, message = FieldRules.DURATION_MESSAGE)
        String delay) {

    /** The number of further attempts; 2 when none is given. */
    @Override
    public Integer limit() {
        return limit == null ? Integer.valueOf(2) : limit;
    }

    /** The first wait; {@code 5m} when none is given. */
    @Override
    public String delay() {
        return delay == null ? "5m" : delay;
    }
}
