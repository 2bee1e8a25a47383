package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** A backup that succeeded, in short. */
public record BackupSummary(
        @JsonPropertyDescription("Name of the DatabaseBackup.") @Size(max = 253)
        String name,

        @JsonPropertyDescription("When it was complete.") Instant completedAt,

        @JsonPropertyDescription("Level at which it was proven.")
        VerificationLevel verified,

        @JsonPropertyDescription("Size in the bucket, for people.") @Size(max = 32)
        String size,

        @JsonPropertyDescription("Where it is.") @Size(max = 1024)
        String location) {}
