package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.Patterns;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One database of the application, under the name by which policies and requests call it. */
public record Database(
        @JsonPropertyDescription("Name by which policies and requests call this database.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern(Patterns.LABEL_NAME)
        String name,

        @JsonPropertyDescription("A PostgreSQL database.") @Required
        PostgresDatabase postgres) {}
