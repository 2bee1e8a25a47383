package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** One workload of the application. */
public record Workload(
        @JsonPropertyDescription("Kind of the workload.") @Default("Deployment")
        WorkloadKind kind,

        @JsonPropertyDescription("Name of the workload, in the same namespace.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.OBJECT_NAME, message = FieldRules.OBJECT_NAME_MESSAGE)
        String name) {

    /** The kind; a Deployment when none is given. */
    @Override
    public WorkloadKind kind() {
        return kind == null ? WorkloadKind.DEPLOYMENT : kind;
    }
}
