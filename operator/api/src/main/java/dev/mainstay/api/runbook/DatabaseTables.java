package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Tables of a database. */
public record DatabaseTables(
        @JsonPropertyDescription(
                "Their names as schema.table, exactly as the server spells them. Left out: all that the role may vacuum.")
        @Size(min = 1, max = 64)
        @ValidationRule(value = DatabaseTables.NAMES, message = DatabaseTables.NAMES_MESSAGE)
        List<@Size(min = 3, max = 127) String> tables) {

    /** Each has a schema. */
    static final String NAMES = "self.all(name, name.matches('^[^.]+[.].'))";

    static final String NAMES_MESSAGE =
            "each must be a schema and a name with a dot between them, such as public.orders";

    /** The names; empty for all. */
    @Override
    public List<String> tables() {
        return tables == null ? List.of() : tables;
    }
}
