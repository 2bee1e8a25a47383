package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.schedule.NextRun;
import dev.mainstay.api.schedule.Scheduled;
import dev.mainstay.api.schedule.SkippedSlot;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** Where a policy's restore tests stand. */
public record RestoreTestStatus(
        @JsonPropertyDescription("What the slots are counted by; absent without a schedule that can be followed.")
        Scheduled scheduled,

        @JsonPropertyDescription("The last slot that was handled. No slot up to this one is run again.")
        Instant lastSlot,

        @JsonPropertyDescription("The next slot.") NextRun nextRun,

        @JsonPropertyDescription("Slots without a test since the policy was made.")
        Long missedRuns,

        @JsonPropertyDescription("The newest slot without a test, and why.")
        SkippedSlot lastSkipped,

        @JsonPropertyDescription("The test that was begun; absent when there is none.")
        Running running,

        @JsonPropertyDescription("The newest test that passed.")
        Passed lastPassed,

        @JsonPropertyDescription("Since when two slots have passed without a test that passed; absent once one has.")
        Instant staleSince) {

    /** A test that was begun. */
    public record Running(
            @JsonPropertyDescription("The slot that it is made for.")
            Instant slot,

            @JsonPropertyDescription("The DatabaseBackup that is restored.") @Size(max = 253)
            String backup,

            @JsonPropertyDescription("Where the backup is.") @Size(max = 1024)
            String location,

            @JsonPropertyDescription("Number of its Job, from 1.")
            Integer number,

            @JsonPropertyDescription("How many of its Jobs failed for a reason that may pass.")
            Integer failures,

            @JsonPropertyDescription("Its next Job is not made before this time; absent when it may be made at once.")
            Instant notBefore,

            @JsonPropertyDescription("Whether its Job was seen: one that is gone then left no result.")
            Boolean jobSeen,

            @JsonPropertyDescription("Why its Job could not be made when that was last tried; absent when it could.")
            Refusal refusal) {}

    /** Why a Job could not be made. */
    public record Refusal(
            @JsonPropertyDescription("Why, in one word.") @Size(max = 64)
            String reason,

            @JsonPropertyDescription("What the API server said, and what to do.") @Size(max = 1024)
            String message) {}

    /** A test that passed. */
    public record Passed(
            @JsonPropertyDescription("The DatabaseBackup that was restored.") @Size(max = 253)
            String backup,

            @JsonPropertyDescription("Where the backup is.") @Size(max = 1024)
            String location,

            @JsonPropertyDescription("When it ended.") Instant at,

            @JsonPropertyDescription("From the first byte read to the end of ANALYZE.") @Size(max = 32)
            String recoveryTime,

            @JsonPropertyDescription("Tables of the restored database.")
            Integer tables,

            @JsonPropertyDescription("Rows of all its tables, counted.")
            Long rows) {}
}
