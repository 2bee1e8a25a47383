package dev.mainstay.api.mode;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/** One Service that leads to the page, and where it led before. */
public record RedirectedService(
        @JsonPropertyDescription("Its name.") @Size(max = 63)
        String name,

        @JsonPropertyDescription(
                "Its selector before, which it gets back, such as app=web,tier=front. The Service itself has it too, in the annotation mainstay.dev/maintenance-selector.")
        @Size(max = 4096)
        String selector,

        @JsonPropertyDescription("How often somebody else put its selector back, and it was led to the page again.")
        Integer redone) {}
