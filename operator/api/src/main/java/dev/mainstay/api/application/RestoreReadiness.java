package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.status.Failure;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;

/** Whether a restore of one database would find what it needs, as it was looked at last. */
public record RestoreReadiness(
        @JsonPropertyDescription("Name of the database in spec.databases.") @Size(max = 63)
        String database,

        @JsonPropertyDescription("What it was looked at for: another day or application has another one.")
        @Size(max = 64)
        String key,

        @JsonPropertyDescription("When it was looked at.") Instant checkedAt,

        @JsonPropertyDescription("Gaps that would keep a restore from succeeding; absent when nobody could look.")
        Integer errors,

        @JsonPropertyDescription("What a restore succeeds with all the same.")
        Integer warnings,

        @JsonPropertyDescription(
                "Room that a second copy takes on the server's disk, as far as the size of the database "
                        + "tells; for people.")
        @Size(max = 32)
        String databaseSize,

        @JsonPropertyDescription("What was found, the most grave first; at most 10.") @Size(max = 10)
        List<@Size(max = 512) String> findings,

        @JsonPropertyDescription("Why nobody could look; absent when somebody did.")
        Failure problem,

        @JsonPropertyDescription(
                "How many databases that restores of this one have kept are on the server, all of which take "
                        + "up its disk; absent when nobody could look.")
        Integer keptCount,

        @JsonPropertyDescription("The first of them, by name; at most 8.") @Size(max = 8)
        List<KeptDatabase> kept) {

    /** Those of them that are named; empty when there are none. */
    @Override
    public List<KeptDatabase> kept() {
        return kept == null ? List.of() : kept;
    }

    /** The findings; empty when there are none. */
    @Override
    public List<String> findings() {
        return findings == null ? List.of() : findings;
    }
}
