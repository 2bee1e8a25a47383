package dev.mainstay.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One key of a Secret in the same namespace. */
public record SecretKeyReference(
        @JsonPropertyDescription("Name of the Secret, in the same namespace.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(Patterns.OBJECT_NAME)
        String name,

        @JsonPropertyDescription("Key in the Secret's data.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(Patterns.SECRET_KEY)
        String key) {}
