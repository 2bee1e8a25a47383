package dev.mainstay.api.restore;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether the database in use is backed up before it is replaced. */
public enum SafetyBackup {
    /** Not: it is kept on its server anyway. */
    @JsonProperty("Never")
    NEVER,
    /** It is tried, and the restore goes on without when that fails. */
    @JsonProperty("BestEffort")
    BEST_EFFORT,
    /** The restore ends when that fails. */
    @JsonProperty("Required")
    REQUIRED,
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
