package dev.mainstay.api.status;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** One condition of a status, in the form that kstatus and {@code kubectl wait} read. */
public record Condition(
        @JsonPropertyDescription("Type of the condition, such as Ready.") @Required @Size(min = 1, max = 64)
        String type,

        @JsonPropertyDescription("True, False or Unknown.") @Required
        ConditionStatus status,

        @JsonPropertyDescription("Generation of the object that this condition was decided for.")
        Long observedGeneration,

        @JsonPropertyDescription("When the condition's status last changed.") @Required
        Instant lastTransitionTime,

        @JsonPropertyDescription("Why, as one word of the list in docs/reference/reasons.md.")
        @Required
        @Size(min = 1, max = 64)
        @Pattern("^[A-Za-z]([A-Za-z0-9]*)?$")
        String reason,

        @JsonPropertyDescription("What was found and what to do, in a sentence.") @Required @Size(max = 1024)
        String message) {}
