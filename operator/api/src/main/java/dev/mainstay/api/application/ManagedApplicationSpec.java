package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** What the application is made of. */
public record ManagedApplicationSpec(
        @JsonPropertyDescription("The application's workloads, in the order in which they are started. "
                + "The first one gives the application's version.")
        @Size(max = 32)
        List<Workload> workloads,

        @JsonPropertyDescription("The application's databases, told apart by name.") @Size(max = 16)
        List<Database> databases,

        @JsonPropertyDescription("What the Pods of this application's Jobs get besides what Mainstay sets itself.")
        JobTemplate jobTemplate) {

    /** The workloads; empty when none are named. */
    @Override
    public List<Workload> workloads() {
        return workloads == null ? List.of() : workloads;
    }

    /** The databases; empty when none are named. */
    @Override
    public List<Database> databases() {
        return databases == null ? List.of() : databases;
    }
}
