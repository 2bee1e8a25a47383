package dev.mainstay.api.rollback;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** One thing that a verification looks at. */
public record VerificationCheck(
        @JsonPropertyDescription("What is looked at, such as Rollout web or Health.") @Size(max = 300)
        String name,

        @JsonPropertyDescription("Pass, Fail, NoData or Error.")
        CheckVerdict verdict,

        @JsonPropertyDescription("Since when it says so.") Instant since,

        @JsonPropertyDescription("What was found.") @Size(max = 512)
        String message) {}
