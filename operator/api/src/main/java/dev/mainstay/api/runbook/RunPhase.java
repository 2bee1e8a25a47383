package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a run is. */
public enum RunPhase {
    /** Nothing was begun yet. */
    @JsonProperty("Pending")
    PENDING("Pending"),
    /** Its steps are being done. */
    @JsonProperty("Running")
    RUNNING("Running"),
    /** It never acts again. */
    @JsonProperty("Finished")
    FINISHED("Finished"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    RunPhase(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
