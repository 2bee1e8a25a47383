package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Where one attempt is. */
public enum AttemptState {
    /** Decided on; its Job may exist or not, and its container may run. */
    @JsonProperty("Active")
    ACTIVE,
    /** Its task ended without a result; it is being made sure that its path holds either a backup or nothing. */
    @JsonProperty("Settling")
    SETTLING,
    /** Its backup is committed and is being read back by a task of its own. */
    @JsonProperty("Verifying")
    VERIFYING,
    /** Its backup is committed. */
    @JsonProperty("Succeeded")
    SUCCEEDED,
    /** It made no backup and never will. */
    @JsonProperty("Failed")
    FAILED,
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED;

    /** Whether an attempt in this state is over for ever. */
    public boolean terminal() {
        return this == SUCCEEDED || this == FAILED;
    }
}
