package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Workloads whose Pods are replaced by new ones of the same template. */
public record RestartStep(
        @JsonPropertyDescription(
                "Rollout has the workload's controller replace the Pods by its own update strategy, as kubectl rollout "
                        + "restart does, which no PodDisruptionBudget holds up. Eviction evicts them one after the other: it "
                        + "waits while a PodDisruptionBudget allows none, and for the new Pod before the next one. It changes "
                        + "nothing of the workload.")
        @Default("Rollout")
        RestartMethod method,

        @JsonPropertyDescription(
                "Names of the workloads, which spec.workloads of the run's application has to have; all of "
                        + "these when left out.")
        @Size(max = 32)
        @ValidationRule(value = FieldRules.OBJECT_NAMES, message = FieldRules.OBJECT_NAMES_MESSAGE)
        List<@Size(min = 1, max = 253) String> workloads) {

    /** How; by rollout when nothing is said. */
    @Override
    public RestartMethod method() {
        return method == null ? RestartMethod.ROLLOUT : method;
    }

    /** The names; empty when all are meant. */
    @Override
    public List<String> workloads() {
        return workloads == null ? List.of() : workloads;
    }
}
