package dev.mainstay.api.restore;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** The copy that was restored and verified. */
public record RestoredDatabase(
        @JsonPropertyDescription("How many tables it has.") int tables,

        @JsonPropertyDescription("How many rows they hold, counted one by one.")
        long rows,

        @JsonPropertyDescription("Whether the rows of each table are as many as the backup is known to hold.")
        boolean rowsCompared,

        @JsonPropertyDescription("Its size on the server, for people.") @Size(max = 32)
        String size,

        @JsonPropertyDescription("How long it took from the first byte to the planner's statistics.") @Size(max = 32)
        String duration,

        @JsonPropertyDescription("Entries of the backup that were left out, and why; at most 16.") @Size(max = 16)
        List<@Size(max = 256) String> leftOut) {

    /** The entries; empty when there are none. */
    @Override
    public List<String> leftOut() {
        return leftOut == null ? List.of() : leftOut;
    }
}
