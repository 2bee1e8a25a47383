package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What a value is compared with, in the unit that people think in. */
public record AlertThreshold(
        @JsonPropertyDescription("Threshold for a ratio, in percent: 1 is compared as 0.01.") @Min(0) @Max(1_000_000)
        Double percent,

        @JsonPropertyDescription("Threshold for a time in seconds, in milliseconds: 500 is compared as 0.5.")
        @Min(0)
        @Max(86_400_000)
        Double milliseconds,

        @JsonPropertyDescription("Threshold for anything else, compared as it is.")
        @Min(-1_000_000_000_000_000L)
        @Max(1_000_000_000_000_000L)
        Double value,

        @JsonPropertyDescription("Threshold for an age or for the time that is left, such as 26h or 21d.")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String duration) {

    /** Rule in CEL for a field of this type. */
    public static final String ONE_UNIT =
            "[has(self.percent), has(self.milliseconds), has(self.value), has(self.duration)].exists_one(given, given)";

    public static final String ONE_UNIT_MESSAGE = "needs exactly one of percent, milliseconds, value and duration";
}
