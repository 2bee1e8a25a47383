package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** One release that a rollback can go back to. */
public record ReleaseSummary(
        @JsonPropertyDescription("Identifies what ran: the same templates always have the same hash.") @Size(max = 64)
        String hash,

        @JsonPropertyDescription("Version of the first workload; absent when nothing tells one.") @Size(max = 128)
        String version,

        @JsonPropertyDescription("When it was last seen to work for spec.releases.soakTime.")
        Instant verifiedAt,

        @JsonPropertyDescription("What was looked at until then: Health or Rollout.")
        ReleaseProof proof,

        @JsonPropertyDescription(
                "The RollbackRequest that went away from it; a rollback to the last known good passes it over.")
        @Size(max = 253)
        String markedBadBy) {}
