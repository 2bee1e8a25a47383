package dev.mainstay.api.claims;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** Who is in the way. */
public record WaitingFor(
        @JsonPropertyDescription("Kind of the object that is in the way.") @Size(max = 63)
        String kind,

        @JsonPropertyDescription("Its name.") @Size(max = 253)
        String name,

        @JsonPropertyDescription("Since when this object waits.")
        Instant since) {}
