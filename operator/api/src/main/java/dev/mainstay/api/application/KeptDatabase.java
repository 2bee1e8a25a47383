package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/** A database that an earlier restore has replaced, as it was seen on the server. */
public record KeptDatabase(
        @JsonPropertyDescription("Its name on the server.") @Size(max = 63)
        String name,

        @JsonPropertyDescription("Its size, for people; absent where the role may not know.") @Size(max = 32)
        String size) {}
