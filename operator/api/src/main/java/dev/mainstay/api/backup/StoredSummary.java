package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** The backups of a policy that are in its bucket. */
public record StoredSummary(
        @JsonPropertyDescription("How many there are.") Integer count,

        @JsonPropertyDescription("Sum of their data in bytes.")
        Long bytes,

        @JsonPropertyDescription("The same for people, such as 1.8 GiB.") @Size(max = 32)
        String size,

        @JsonPropertyDescription("The moment whose data the oldest one holds.")
        Instant oldest,

        @JsonPropertyDescription("The moment whose data the newest one holds.")
        Instant newest) {}
