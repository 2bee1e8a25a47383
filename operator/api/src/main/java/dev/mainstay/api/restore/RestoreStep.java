package dev.mainstay.api.restore;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** One step of a restore. */
public record RestoreStep(
        @JsonPropertyDescription("Which step it is.") RestoreStepName name,

        @JsonPropertyDescription("Waiting, Running, Done, Skipped or Failed.")
        RestoreStepState state,

        @JsonPropertyDescription("When it began.") Instant startedAt,

        @JsonPropertyDescription("When it ended.") Instant finishedAt,

        @JsonPropertyDescription("What was found or done.") @Size(max = 512)
        String message) {}
