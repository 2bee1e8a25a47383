package dev.mainstay.api.rollback;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;

/** What becomes of one Deployment. */
public record RolledBackWorkload(
        @JsonPropertyDescription("Name of the Deployment.") @Size(max = 253)
        String name,

        @JsonPropertyDescription("Its uid: one made again under the same name is left alone.") @Size(max = 64)
        String uid,

        @JsonPropertyDescription("What ran.") WorkloadState from,

        @JsonPropertyDescription("What it is gone back to.") WorkloadState to,

        @JsonPropertyDescription("What differs, images and environment first; at most 12 lines.") @Size(max = 12)
        List<@Size(max = 256) String> diff,

        @JsonPropertyDescription("When the target was written into it.")
        Instant writtenAt,

        @JsonPropertyDescription("true once it was seen that all its Pods run the target.")
        Boolean verified) {

    /** The differences; empty when there are none. */
    @Override
    public List<String> diff() {
        return diff == null ? List.of() : diff;
    }
}
