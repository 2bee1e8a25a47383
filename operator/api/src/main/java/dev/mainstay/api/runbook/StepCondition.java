package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** When a step is done. */
public enum StepCondition {
    /** Unless a step before it has stopped the run. */
    @JsonProperty("OnSuccess")
    ON_SUCCESS("OnSuccess"),
    /** Only if a step before it has failed, or could not check. */
    @JsonProperty("OnFailure")
    ON_FAILURE("OnFailure"),
    /** In either case. */
    @JsonProperty("Always")
    ALWAYS("Always"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    StepCondition(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
