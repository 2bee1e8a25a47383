package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** The newest restore test that has ended. */
public record LastRestoreTest(
        @JsonPropertyDescription("The slot that it was made for.")
        Instant slot,

        @JsonPropertyDescription("The DatabaseBackup that was restored.") @Size(max = 253)
        String backup,

        @JsonPropertyDescription("When it ended.") Instant at,

        @JsonPropertyDescription("Passed or Failed.") RestoreTestOutcome outcome,

        @JsonPropertyDescription("From the first byte read to the end of ANALYZE.") @Size(max = 32)
        String recoveryTime,

        @JsonPropertyDescription("Tables of the restored database.")
        Integer tables,

        @JsonPropertyDescription("Rows of all its tables, counted.")
        Long rows,

        @JsonPropertyDescription("Why it failed, in one word.") @Size(max = 64)
        String reason,

        @JsonPropertyDescription("What was found, and what to do.") @Size(max = 1024)
        String message) {}
