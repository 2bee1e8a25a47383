package dev.mainstay.api.rollback;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/** A HorizontalPodAutoscaler that may not scale down while a rollback is verified. */
public record HeldAutoscaler(
        @JsonPropertyDescription("Its name.") @Size(max = 253)
        String name,

        @JsonPropertyDescription("Its uid: one made again under the same name is left alone.") @Size(max = 64)
        String uid,

        @JsonPropertyDescription("Its spec.minReplicas before, which it gets back.")
        Integer minReplicas,

        @JsonPropertyDescription("Its spec.minReplicas meanwhile: as many as there were.")
        Integer held) {}
