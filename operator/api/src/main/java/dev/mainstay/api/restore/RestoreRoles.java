package dev.mainstay.api.restore;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;

/** What becomes of roles that own something in the backup or were granted something, and that the server lacks. */
public record RestoreRoles(
        @JsonPropertyDescription("Roles of the backup, and the role of the server that takes the place of each.")
        @Size(max = 64)
        @ValidationRule(
                value = "self.all(role, role.size() >= 1 && role.size() <= 63 && self[role].size() >= 1"
                        + " && self[role].size() <= 63)",
                message = "must be names of roles, each of 1 to 63 characters")
        Map<String, String> mapping,

        @JsonPropertyDescription(
                "true makes roles that are missing, without a login. Else a missing role that is not mapped keeps the "
                        + "restore from beginning.")
        @Default("false")
        Boolean createMissing) {

    /** What holds when nothing is said. */
    public static final RestoreRoles DEFAULTS = new RestoreRoles(null, null);

    /** The roles; empty when none is mapped. */
    @Override
    public Map<String, String> mapping() {
        return mapping == null ? Map.of() : mapping;
    }

    @Override
    public Boolean createMissing() {
        return Boolean.TRUE.equals(createMissing);
    }
}
