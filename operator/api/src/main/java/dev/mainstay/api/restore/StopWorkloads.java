package dev.mainstay.api.restore;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** When a restore stops what writes to the database. */
public enum StopWorkloads {
    /** When the restored copy is ready to be put in place: the application is away for the shortest time. */
    @JsonProperty("BeforeSwap")
    BEFORE_SWAP,
    /** Before the copy is restored: what does damage is stopped at once. */
    @JsonProperty("BeforeRestore")
    BEFORE_RESTORE,
    /** Not at all: its sessions are ended, and it connects again to the restored database. */
    @JsonProperty("Never")
    NEVER,
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
