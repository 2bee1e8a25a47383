package dev.mainstay.api.schedule;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Which rollouts runs are made for. */
public record RolloutTrigger(
        @JsonPropertyDescription(
                "When the run is made: once all Pods are of the new template and available, or as soon "
                        + "as the rollout has begun.")
        @Default("Completed")
        RolloutStage rollout,

        @JsonPropertyDescription(
                "Names of the Deployments that are looked at; all of the application when left out. Those that "
                        + "are rolled out together have one run.")
        @Size(min = 1, max = 32)
        @ValidationRule(value = FieldRules.OBJECT_NAMES, message = FieldRules.OBJECT_NAMES_MESSAGE)
        List<@Size(min = 1, max = 253) String> workloads) {

    /** When the run is made; {@code Completed} when nothing is given. */
    @Override
    public RolloutStage rollout() {
        return rollout == null ? RolloutStage.COMPLETED : rollout;
    }
}
