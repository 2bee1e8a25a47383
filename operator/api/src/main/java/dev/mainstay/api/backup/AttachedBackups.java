package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** What was found in a policy's place in the bucket, and which of it has an object. */
public record AttachedBackups(
        @JsonPropertyDescription(
                "What was looked through and why: another bucket, prefix, adopt or value of the annotation "
                        + "has another one. Absent until all that was found has an object.")
        @Size(max = 64)
        String key,

        @JsonPropertyDescription("When it was looked through.")
        Instant at,

        @JsonPropertyDescription("Backups that were found, at most the newest 500.")
        Integer found,

        @JsonPropertyDescription("How many of them have an object that was made for them, and not they for it.")
        Integer made,

        @JsonPropertyDescription("Older folders with a manifest that were not looked at.")
        Integer leftOut,

        @JsonPropertyDescription("The same for people, or why it could not be done.") @Size(max = 1024)
        String message) {}
