package dev.mainstay.api.claims;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;

/** One operation that works on the application, or waits to. */
public record OperationStatus(
        @JsonPropertyDescription("Kind of the object.") @Size(max = 63)
        String kind,

        @JsonPropertyDescription("Its name.") @Size(max = 253)
        String name,

        @JsonPropertyDescription("Active, MakingRoom or Waiting.")
        OperationState state,

        @JsonPropertyDescription("What it has, or waits for, such as \"database/main (shared)\".") @Size(max = 8)
        List<@Size(max = 128) String> claims,

        @JsonPropertyDescription("Since when.") Instant since) {}
