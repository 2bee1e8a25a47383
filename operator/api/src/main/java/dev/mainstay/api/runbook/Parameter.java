package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A value that a run may give. */
@ValidationRule(
        value = "!has(self.default) || !has(self.required) || !self.required",
        message = "a parameter that is required has no use for a default: leave one of both out")
public record Parameter(
        @JsonPropertyDescription("Name, as in $(params.NAME) of a job step.")
        @Required
        @Size(min = 1, max = 63)
        @ValidationRule(value = FieldRules.LABEL_NAME, message = FieldRules.LABEL_NAME_MESSAGE)
        String name,

        @JsonProperty("default")
        @JsonPropertyDescription("Value in runs that give none; an empty text when left out.")
        @Size(max = 1024)
        String defaultValue,

        @JsonPropertyDescription("true refuses runs that give no value.")
        Boolean required) {

    /** Whether a run has to give it. */
    @Override
    public Boolean required() {
        return Boolean.TRUE.equals(required);
    }
}
