package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/** The Runbook as it stood when the run began. */
public record FrozenRunbook(
        @JsonPropertyDescription("Name of the ControllerRevision that holds its spec.") @Size(max = 253)
        String revision,

        @JsonPropertyDescription("A hash of its spec: runs of the same steps have the same.") @Size(max = 64)
        String hash) {}
