package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Instant;

/** How far a backup was proven, and when. */
public record Verified(
        @JsonPropertyDescription("Level at which the backup was proven.")
        VerificationLevel level,

        @JsonPropertyDescription("When it was proven.") Instant at,

        @JsonPropertyDescription("Rows of all tables, counted in the archive, or with RestoreTest in the restored "
                + "database; absent where it was compared by hash alone.")
        Long rows) {}
