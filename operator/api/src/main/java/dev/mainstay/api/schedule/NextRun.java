package dev.mainstay.api.schedule;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/** A slot to come. */
public record NextRun(
        @JsonPropertyDescription("When, as the clocks of the zone show it, with their offset.") @Size(max = 64)
        String at,

        @JsonPropertyDescription("What moves or skips it: a change of the clocks, a window, a freeze.") @Size(max = 128)
        String shift) {}
