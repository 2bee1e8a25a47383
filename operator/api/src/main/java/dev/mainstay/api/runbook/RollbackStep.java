package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.rollback.GitOps;
import dev.mainstay.api.rollback.OnFailure;
import dev.mainstay.api.rollback.RollbackTarget;
import dev.mainstay.api.rollback.RollbackVerification;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** A rollback that a run asks for: what a person would write into a RollbackRequest. */
public record RollbackStep(
        @JsonPropertyDescription("Names of the Deployments that are rolled back; all of the application when left out.")
        @Size(max = 32)
        @ValidationRule(value = FieldRules.OBJECT_NAMES, message = FieldRules.OBJECT_NAMES_MESSAGE)
        List<@Size(min = 1, max = 253) String> workloads,

        @JsonPropertyDescription("What is gone back to; the last known good release when left out.")
        RollbackTarget to,

        @JsonPropertyDescription(
                "true also goes back to a state that was never seen to work, where no release that was verified fits.")
        Boolean allowUnverified,

        @JsonPropertyDescription("true refuses a release whose ConfigMaps had another content than they have now.")
        Boolean strictConfig,

        @JsonPropertyDescription(
                "How long the rollback may take from its first change to the end of its verification; 15m when left out. "
                        + "timeout of the step also counts the time for which it waits for its turn.")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String timeout,

        @JsonPropertyDescription("When the rollback counts as verified.")
        RollbackVerification verify,

        @JsonPropertyDescription(
                "What happens to the Deployments when it can't be verified: Hold, which also holds when left "
                        + "out, RestorePrevious or MaintenanceMode, as in a RollbackRequest.")
        OnFailure onFailure,

        @JsonPropertyDescription(
                "What is done about a program that applies the Deployments from a repository: Detect, which also "
                        + "holds when left out, or PatchAnyway, as in a RollbackRequest.")
        GitOps gitOps) {

    /** The names; empty when all are meant. */
    @Override
    public List<String> workloads() {
        return workloads == null ? List.of() : workloads;
    }
}
