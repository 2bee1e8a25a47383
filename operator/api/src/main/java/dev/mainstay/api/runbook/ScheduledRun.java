package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** A finished run of a schedule. */
public record ScheduledRun(
        @JsonPropertyDescription("Name of the MaintenanceRun.") @Size(max = 253)
        String name,

        @JsonPropertyDescription("When it was finished.") Instant completedAt,

        @JsonPropertyDescription("What it came to.") RunOutcome outcome,

        @JsonPropertyDescription("Why, in one word.") @Size(max = 64)
        String reason,

        @JsonPropertyDescription("Why, for people.") @Size(max = 1024)
        String message) {}
