package dev.mainstay.api.schedule;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/** What is known of a Deployment whose rollouts are looked at. */
public record KnownDeployment(
        @JsonPropertyDescription("Its name.") @Size(max = 253)
        String name,

        @JsonPropertyDescription("Its uid; absent when it does not exist.") @Size(max = 64)
        String uid,

        @JsonPropertyDescription("Number of the revision that brought what runs.")
        Long revision,

        @JsonPropertyDescription("Number of its newest revision: the same, or a restart's since.")
        Long newestRevision,

        @JsonPropertyDescription("The version that runs.") @Size(max = 128)
        String version,

        @JsonPropertyDescription("Identifies what runs; restarts aside.") @Size(max = 64)
        String template,

        @JsonPropertyDescription("The last write of a rollback that was seen on it: the request, and what it wrote.")
        @Size(max = 320)
        String rolledBack) {

    /** A Deployment that does not exist. */
    public static KnownDeployment missing(String name) {
        return new KnownDeployment(name, null, null, null, null, null, null);
    }
}
