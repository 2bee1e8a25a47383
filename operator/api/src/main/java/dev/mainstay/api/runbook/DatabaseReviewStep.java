package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What is looked at in a database of the application, with the role of its backups, and from when on it is a finding. */
public record DatabaseReviewStep(
        @JsonPropertyDescription(
                "Name of the database in spec.databases of the ManagedApplication; may be left out where there is one.")
        @Size(min = 1, max = 63)
        @ValidationRule(value = FieldRules.LABEL_NAME, message = FieldRules.LABEL_NAME_MESSAGE)
        String database,

        @JsonPropertyDescription("Connections that are taken, in percent of those that the server allows.")
        @Default("80")
        @Min(1)
        @Max(100)
        Integer connectionsPercent) {

    /** In percent; 80 when nothing is said. */
    @Override
    public Integer connectionsPercent() {
        return connectionsPercent == null ? Integer.valueOf(80) : connectionsPercent;
    }
}
