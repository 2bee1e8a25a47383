package dev.mainstay.api.schedule;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** How many slots were skipped for a reason. */
public record SkippedRuns(
        @JsonPropertyDescription("The reason, in one word.") @Required @Size(max = 64)
        String reason,

        @JsonPropertyDescription("How many, since the object was made.")
        Long count) {}
