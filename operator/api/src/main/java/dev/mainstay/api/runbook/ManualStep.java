package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What a person does. */
public record ManualStep(
        @JsonPropertyDescription("What is to be done or looked at.")
        @Required
        @Size(max = 512)
        @ValidationRule(value = FieldRules.NOT_BLANK, message = FieldRules.NOT_BLANK_MESSAGE)
        String text,

        @JsonPropertyDescription("Where more is said, such as a page of a wiki.")
        @Size(max = 256)
        @ValidationRule(
                value = "self.matches(r'^https?://[^\\s]+$') && isURL(self)",
                message = "must be a URL that begins with http:// or https://")
        String link) {}
