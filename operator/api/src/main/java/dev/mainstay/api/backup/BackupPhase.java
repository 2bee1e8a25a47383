package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a DatabaseBackup is. */
public enum BackupPhase {
    /** Waiting: for its policy, a place, a node, an image or the next attempt. */
    @JsonProperty("Pending")
    PENDING,
    /** The database is being dumped and uploaded. */
    @JsonProperty("Running")
    RUNNING,
    /** The backup is committed and being read back. */
    @JsonProperty("Verifying")
    VERIFYING,
    /** The backup is committed; {@code verified} says how far it was proven. */
    @JsonProperty("Succeeded")
    SUCCEEDED,
    /** No backup was made; {@code failure} says why. */
    @JsonProperty("Failed")
    FAILED,
    /** The backup of a slot that was not made, on purpose; {@code Finished} says why. */
    @JsonProperty("Skipped")
    SKIPPED,
    /** The backup was committed once, and its data is not in the bucket any more. */
    @JsonProperty("Expired")
    EXPIRED,
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED;

    /** Whether a backup in this phase is finished for ever. */
    public boolean terminal() {
        return this == SUCCEEDED || this == FAILED || this == SKIPPED || this == EXPIRED;
    }
}
