package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** Somebody knows of the alert. */
public record Acknowledgement(
        @JsonPropertyDescription("Who said so, in the annotation mainstay.dev/acknowledge.") @Size(max = 253)
        String by,

        @JsonPropertyDescription("When it was seen.") Instant at,

        @JsonPropertyDescription("The episode that it is about.")
        Long episode) {}
