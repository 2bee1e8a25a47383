package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.Patterns;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One workload of the application. */
public record Workload(
        @JsonPropertyDescription("Kind of the workload.") @Default("Deployment")
        WorkloadKind kind,

        @JsonPropertyDescription("Name of the workload, in the same namespace.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(Patterns.OBJECT_NAME)
        String name) {

    /** The kind; a Deployment when none is given. */
    @Override
    public WorkloadKind kind() {
        return kind == null ? WorkloadKind.DEPLOYMENT : kind;
    }
}
