package dev.mainstay.api.rollback;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** One answer to a query of a verification. */
public record MetricValue(
        @JsonPropertyDescription("The check, such as Metric 1.") @Size(max = 64)
        String check,

        @JsonPropertyDescription("When it was asked.") Instant at,

        @JsonPropertyDescription("What came, in the unit of the threshold; absent when there was no value.")
        @Size(max = 64)
        String value,

        @JsonPropertyDescription("Pass, Fail, NoData or Error.")
        CheckVerdict verdict) {}
