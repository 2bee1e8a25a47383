package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** One attempt at a backup. It is written before its Job exists, and a fact in it never changes once written. */
public record Attempt(
        @JsonPropertyDescription("Number of the attempt, from 1.")
        int number,

        @JsonPropertyDescription("Where the attempt's data goes, such as s3://bucket/prefix/namespace/policy/id/.")
        @Size(max = 1024)
        String path,

        @JsonPropertyDescription("Name of its Job, once it was seen to exist.") @Size(max = 63)
        String job,

        @JsonPropertyDescription("Where the attempt is.") AttemptState state,

        @JsonPropertyDescription("When the attempt was decided on.")
        Instant plannedAt,

        @JsonPropertyDescription("When its container started.")
        Instant startedAt,

        @JsonPropertyDescription("When it ended.") Instant endedAt,

        @JsonPropertyDescription("Tasks that were needed after one that ended without a result: how often settling, "
                + "and how often verification as a task of its own, was tried.")
        FollowUps followUps,

        @JsonPropertyDescription("Why the attempt failed, as one word.") @Size(max = 64)
        String reason,

        @JsonPropertyDescription("What was found.") @Size(max = 1024)
        String message) {}
