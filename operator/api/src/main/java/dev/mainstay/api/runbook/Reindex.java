package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Indexes that are built anew. */
@ValidationRule(
        value = "self.invalid || has(self.indexes)",
        message = "names no index: list some in indexes, or leave invalid at true")
public record Reindex(
        @JsonPropertyDescription(
                "Whether those that are invalid are; not those that a REINDEX CONCURRENTLY has left behind, which are told of.")
        @Default("true")
        Boolean invalid,

        @JsonPropertyDescription("Names of others as schema.index, exactly as the server spells them.")
        @Size(min = 1, max = 64)
        @ValidationRule(value = DatabaseTables.NAMES, message = DatabaseTables.NAMES_MESSAGE)
        List<@Size(min = 3, max = 127) String> indexes,

        @JsonPropertyDescription(
                "A larger index is left out: it takes as much room again until it is built, and the server tells nobody how "
                        + "much it has.")
        @Default("10Gi")
        @Size(min = 3, max = 8)
        @ValidationRule(value = FieldRules.BYTE_SIZE, message = FieldRules.BYTE_SIZE_MESSAGE)
        String maxSize) {

    /** Whether invalid ones are; they are when nothing is said. */
    @Override
    public Boolean invalid() {
        return invalid == null || invalid;
    }

    /** The names; empty for none. */
    @Override
    public List<String> indexes() {
        return indexes == null ? List.of() : indexes;
    }

    /** How large; 10 GiB when nothing is said. */
    @Override
    public String maxSize() {
        return maxSize == null ? "10Gi" : maxSize;
    }
}
