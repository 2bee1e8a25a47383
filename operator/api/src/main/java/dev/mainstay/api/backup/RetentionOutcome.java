package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/** What came of thinning out the older backups after this one was proven. It never makes a backup fail. */
public record RetentionOutcome(
        @JsonPropertyDescription("How many backups were removed.")
        Integer removed,

        @JsonPropertyDescription("How many would have been removed; absent unless it was a dry run.")
        Integer wouldRemove,

        @JsonPropertyDescription("What is in the bucket since; absent when that could not be found out.")
        StoredSummary stored,

        @JsonPropertyDescription("Why not all was removed that no rule keeps; absent when it was.") @Size(max = 64)
        String reason,

        @JsonPropertyDescription("What was found and what to do about it.") @Size(max = 1024)
        String message) {}
