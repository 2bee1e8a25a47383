package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/** A Pod that was there when a restart by eviction began. One of the same name that came later has another uid. */
public record FormerPod(
        @JsonPropertyDescription("Its name.") @Size(max = 253)
        String name,

        @JsonPropertyDescription("Its uid, by which it alone is evicted.") @Size(max = 64)
        String uid) {}
