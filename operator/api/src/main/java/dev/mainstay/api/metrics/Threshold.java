package dev.mainstay.api.metrics;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** What a value is compared with, in one of three units. Prometheus counts in ratios and seconds, people don't. */
public record Threshold(
        @JsonPropertyDescription("Threshold for a ratio, in percent: 1 is compared as 0.01.") @Min(0) @Max(1_000_000)
        Double percent,

        @JsonPropertyDescription("Threshold for a time in seconds, in milliseconds: 500 is compared as 0.5.")
        @Min(0)
        @Max(86_400_000)
        Double milliseconds,

        @JsonPropertyDescription("Threshold for anything else, compared as it is.")
        @Min(-1_000_000_000_000_000L)
        @Max(1_000_000_000_000_000L)
        Double value) {

    /** Rule in CEL for a field of this type. */
    public static final String ONE_UNIT =
            "[has(self.percent), has(self.milliseconds), has(self.value)]" + ".exists_one(given, given)";

    public static final String ONE_UNIT_MESSAGE = "needs exactly one of percent, milliseconds and value";
}
