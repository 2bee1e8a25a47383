package dev.mainstay.api.restore;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a step is. */
public enum RestoreStepState {
    /** Its turn has not come. */
    @JsonProperty("Waiting")
    WAITING("Waiting"),
    /** It is being done. */
    @JsonProperty("Running")
    RUNNING("Running"),
    /** It is done. */
    @JsonProperty("Done")
    DONE("Done"),
    /** It is not needed. */
    @JsonProperty("Skipped")
    SKIPPED("Skipped"),
    /** It could not be done. */
    @JsonProperty("Failed")
    FAILED("Failed"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    RestoreStepState(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
