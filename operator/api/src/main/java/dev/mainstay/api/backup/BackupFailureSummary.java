package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** A backup that failed, in short. */
public record BackupFailureSummary(
        @JsonPropertyDescription("Name of the DatabaseBackup.") @Size(max = 253)
        String name,

        @JsonPropertyDescription("When it was given up.") Instant completedAt,

        @JsonPropertyDescription("Why, as one word.") @Size(max = 64)
        String reason,

        @JsonPropertyDescription("What was found and what to do.") @Size(max = 1024)
        String message) {}
