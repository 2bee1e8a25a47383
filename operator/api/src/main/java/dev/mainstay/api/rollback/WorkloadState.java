package dev.mainstay.api.rollback;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** What a Deployment ran, or is to run. */
public record WorkloadState(
        @JsonPropertyDescription("Its version; absent when nothing tells one.") @Size(max = 128)
        String version,

        @JsonPropertyDescription("Its number in the Deployment's history; absent when unknown.") @Size(max = 32)
        String revision,

        @JsonPropertyDescription("Identifies the pod template.") @Size(max = 64)
        String hash,

        @JsonPropertyDescription("Images, as container=image; at most 16.") @Size(max = 16)
        List<@Size(max = 600) String> images,

        @JsonPropertyDescription("Digests of the images that ran when it was verified, as container=digest.")
        @Size(max = 16)
        List<@Size(max = 256) String> digests) {}
