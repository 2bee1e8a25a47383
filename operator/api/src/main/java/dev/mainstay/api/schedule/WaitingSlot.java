package dev.mainstay.api.schedule;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** A slot or rollout that has come and may still start. */
public record WaitingSlot(
        @JsonPropertyDescription("The slot, or when the rollout came.")
        Instant slot,

        @JsonPropertyDescription("What it waits for, in one word.") @Size(max = 64)
        String reason,

        @JsonPropertyDescription("What it waits for, and until when.") @Size(max = 1024)
        String message) {}
