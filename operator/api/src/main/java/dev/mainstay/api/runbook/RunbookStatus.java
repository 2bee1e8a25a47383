package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.status.Condition;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** Whether the steps can be done. */
public record RunbookStatus(
        @JsonPropertyDescription("Generation of the object that this status was decided for.")
        Long observedGeneration,

        @JsonPropertyDescription("Conditions Ready and Stalled.") @Size(max = 16)
        List<Condition> conditions) {

    /** The conditions; empty when there are none. */
    @Override
    public List<Condition> conditions() {
        return conditions == null ? List.of() : conditions;
    }
}
