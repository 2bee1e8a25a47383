package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** One cache of the application, under the name by which steps of Runbooks call it. */
public record Cache(
        @JsonPropertyDescription("Name by which steps of Runbooks call this cache.")
        @Required
        @Size(min = 1, max = 63)
        @ValidationRule(value = FieldRules.LABEL_NAME, message = FieldRules.LABEL_NAME_MESSAGE)
        String name,

        @JsonPropertyDescription("A Redis server, or one that speaks like it, such as Valkey.") @Required
        RedisCache redis) {}
