package dev.mainstay.api.schedule;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** A slot at which nothing was run. */
public record SkippedSlot(
        @JsonPropertyDescription("The slot.") Instant slot,

        @JsonPropertyDescription("Why, in one word.") @Size(max = 64)
        String reason,

        @JsonPropertyDescription("Why, and what to do about it.") @Size(max = 1024)
        String message) {}
