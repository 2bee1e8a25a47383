package dev.mainstay.api.restore;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a restore is. */
public enum RestorePhase {
    /** Nothing was looked at yet. */
    @JsonProperty("Pending")
    PENDING("Pending"),
    /** Its steps are being done. */
    @JsonProperty("Running")
    RUNNING("Running"),
    /** It has failed or was cancelled, and what it changed is being given back. */
    @JsonProperty("GivingBack")
    GIVING_BACK("GivingBack"),
    /** It never acts again. */
    @JsonProperty("Finished")
    FINISHED("Finished"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    RestorePhase(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
