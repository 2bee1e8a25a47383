package dev.mainstay.api.restore;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.query.RestoreQuery;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** What the restored copy must hold before it is put in place. */
public record RestoreVerification(
        @JsonPropertyDescription("Questions to the restored copy.") @Size(max = 16)
        List<RestoreQuery> queries,

        @JsonPropertyDescription("How many tables it must have at least.") @Default("1") @Min(0) @Max(100000)
        Integer minimumTables) {

    /** What holds when nothing is said. */
    public static final RestoreVerification DEFAULTS = new RestoreVerification(null, null);

    /** The questions; empty when there are none. */
    @Override
    public List<RestoreQuery> queries() {
        return queries == null ? List.of() : queries;
    }

    /** How many tables; one when nothing is said. */
    @Override
    public Integer minimumTables() {
        return minimumTables == null ? Integer.valueOf(1) : minimumTables;
    }
}
