package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** An alert that fired, and is over. */
public record ResolvedAlert(
        @JsonPropertyDescription("Number of the episode.") Long episode,

        @JsonPropertyDescription("When it began to fire.") Instant firingSince,

        @JsonPropertyDescription("When it ended.") Instant at,

        @JsonPropertyDescription("Why it ended.") ResolveReason reason,

        @JsonPropertyDescription("The value that ended it, in the unit of the threshold.") @Size(max = 128)
        String value) {}
