package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** The finished run before a run, of the same Runbook and application. */
public record PreviousRun(
        @JsonPropertyDescription("Name of the MaintenanceRun; it may be gone since.") @Size(max = 253)
        String name,

        @JsonPropertyDescription("When it was finished.") Instant completedAt,

        @JsonPropertyDescription("What it came to.") RunOutcome outcome) {}
