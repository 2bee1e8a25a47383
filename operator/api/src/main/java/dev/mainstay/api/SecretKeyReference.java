package dev.mainstay.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** One key of a Secret in the same namespace. */
public record SecretKeyReference(
        @JsonPropertyDescription("Name of the Secret, in the same namespace.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.OBJECT_NAME, message = FieldRules.OBJECT_NAME_MESSAGE)
        String name,

        @JsonPropertyDescription("Key in the Secret's data.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.SECRET_KEY, message = FieldRules.SECRET_KEY_MESSAGE)
        String key) {}
