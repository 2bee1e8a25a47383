package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.status.Condition;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** What the policy's backups came to. */
public record BackupPolicyStatus(
        @JsonPropertyDescription("Generation of the object that this status was decided for.")
        Long observedGeneration,

        @JsonPropertyDescription("Conditions Ready, Reconciling, Stalled and StorageReachable.") @Size(max = 16)
        List<Condition> conditions,

        @JsonPropertyDescription("The newest backup that succeeded.")
        BackupSummary lastSuccess,

        @JsonPropertyDescription("The newest backup that failed.")
        BackupFailureSummary lastFailure,

        @JsonPropertyDescription("Backups that failed since the last one that succeeded.")
        Integer consecutiveFailures,

        @JsonPropertyDescription("Value of the annotation mainstay.dev/run-now that was handled last.") @Size(max = 253)
        String lastRunNow) {

    /** The conditions; empty when there are none. */
    @Override
    public List<Condition> conditions() {
        return conditions == null ? List.of() : conditions;
    }
}
