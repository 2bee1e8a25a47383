package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How many Pods of a workload are wanted: more by so many, exactly so many, or as many as before the run changed it. */
@ValidationRule(
        value = "[has(self.by), has(self.to), has(self.restore)].filter(given, given).size() == 1",
        message = "must have exactly one of by, to and restore")
@ValidationRule(
        value = "has(self.by) == has(self.ceiling)",
        message =
                "by has to have a ceiling, so that runs one after the other do not scale for ever; and only by has one")
public record ScaleStep(
        @JsonPropertyDescription(
                "Name of the workload, among spec.workloads of the ManagedApplication. Where a HorizontalPodAutoscaler "
                        + "scales it, that one's minReplicas are changed instead of the replicas, except to 0.")
        @Required
        @Size(min = 1, max = 253)
        String workload,

        @JsonPropertyDescription("So many more than there are when the step begins, up to ceiling.") @Min(1) @Max(1000)
        Integer by,

        @JsonPropertyDescription("As many as this.") @Min(0) @Max(1000)
        Integer to,

        @JsonPropertyDescription("With by: it does not scale to more than this.") @Min(1) @Max(1000)
        Integer ceiling,

        @JsonPropertyDescription(
                "true gives the workload back what it had before the run's earlier scale steps. A run that ends or "
                        + "is deleted before such a step of its Runbook gives it back all the same.")
        @ValidationRule(value = "self", message = "can only be true: leave it out, and use by or to, to scale")
        Boolean restore) {

    /** Whether it gives back what steps before it have changed. */
    public boolean restores() {
        return Boolean.TRUE.equals(restore);
    }
}
