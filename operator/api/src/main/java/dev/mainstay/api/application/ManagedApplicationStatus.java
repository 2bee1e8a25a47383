package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.status.Condition;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** What is known of the application. */
public record ManagedApplicationStatus(
        @JsonPropertyDescription("Generation of the object that this status was decided for.")
        Long observedGeneration,

        @JsonPropertyDescription("Conditions Ready, Reconciling and Stalled.") @Size(max = 16)
        List<Condition> conditions,

        @JsonPropertyDescription("Version of the application: label app.kubernetes.io/version of the first workload's "
                + "pod template, else of the workload, else its image's tag.")
        @Size(max = 128)
        String version) {

    /** The conditions; empty when there are none. */
    @Override
    public List<Condition> conditions() {
        return conditions == null ? List.of() : conditions;
    }
}
