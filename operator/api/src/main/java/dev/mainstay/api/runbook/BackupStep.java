package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.ObjectReference;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A backup that a run makes. */
public record BackupStep(
        @JsonPropertyDescription("The BackupPolicy that it follows, which must be one of the run's application.")
        @Required
        ObjectReference policyRef,

        @JsonPropertyDescription(
                "The step is skipped when the policy's newest succeeded backup is not older than this.")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String ifOlderThan) {}
