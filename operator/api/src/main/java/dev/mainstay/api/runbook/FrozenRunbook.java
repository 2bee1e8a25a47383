package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/** The Runbook as it stood when the run began. */
public record FrozenRunbook(
        @JsonPropertyDescription("Name of the ControllerRevision that holds its spec.") @Size(max = 253)
        String revision,

        @JsonPropertyDescription("A hash of its spec: runs of the same steps have the same.") @Size(max = 64)
        String hash,

        @JsonPropertyDescription(
                "How long alerts on the application are not told at most, from startedAt, as its muteAlerts.duration said; absent"
                        + " where it did not.")
        @Size(max = 32)
        String muteAlerts,

        @JsonPropertyDescription("Who has approved that the run begins; absent where nobody had to.") @Size(max = 256)
        String approvedBy) {

    /** One that lets alerts be told, and that nobody had to approve. */
    public FrozenRunbook(String revision, String hash) {
        this(revision, hash, null, null);
    }
}
