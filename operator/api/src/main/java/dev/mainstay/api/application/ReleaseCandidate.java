package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** What runs now and may become a release. */
public record ReleaseCandidate(
        @JsonPropertyDescription("Identifies what runs.") @Size(max = 64)
        String hash,

        @JsonPropertyDescription("Since when it works without a break.")
        Instant since) {}
