package dev.mainstay.api.restore;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** The database that a restore has replaced. Mainstay never drops it by itself. */
public record PreviousDatabase(
        @JsonPropertyDescription("Its name on the server now.") @Size(max = 63)
        String database,

        @JsonPropertyDescription("Its size, for people.") @Size(max = 32)
        String size,

        @JsonPropertyDescription("Since when it has that name.")
        Instant since) {}
