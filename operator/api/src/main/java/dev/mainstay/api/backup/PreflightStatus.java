package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.status.Failure;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** What the newest preflight found. */
public record PreflightStatus(
        @JsonPropertyDescription("What it was made for: another day, policy or application has another one.")
        @Size(max = 64)
        String key,

        @JsonPropertyDescription("When it was made.") Instant checkedAt,

        @JsonPropertyDescription("Gaps that keep backups from succeeding; absent when it could not be made.")
        Integer errors,

        @JsonPropertyDescription("What backups succeed with all the same.")
        Integer warnings,

        @JsonPropertyDescription(
                "ConfigMap with all findings, in the same namespace; absent when there never were any.")
        @Size(max = 253)
        String configMap,

        @JsonPropertyDescription("The first of the gaps, or why it could not be made.")
        Failure problem,

        @JsonPropertyDescription("The first of the gaps that concern the store.")
        Failure storage) {}
