package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** One database of the application, under the name by which policies and requests call it. */
public record Database(
        @JsonPropertyDescription("Name by which policies and requests call this database.")
        @Required
        @Size(min = 1, max = 63)
        @ValidationRule(value = FieldRules.LABEL_NAME, message = FieldRules.LABEL_NAME_MESSAGE)
        String name,

        @JsonPropertyDescription("A PostgreSQL database.") @Required
        PostgresDatabase postgres) {}
