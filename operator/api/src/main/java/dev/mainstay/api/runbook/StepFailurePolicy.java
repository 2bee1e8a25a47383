package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of the run when a step has failed, or could not check. */
public enum StepFailurePolicy {
    /** The steps after it are not done, except those that ask for it; then those of finally. */
    @JsonProperty("Stop")
    STOP("Stop"),
    /** The run goes on. */
    @JsonProperty("Continue")
    CONTINUE("Continue"),
    /** As Stop; what this step and those before it have changed is given back first, the newest first. */
    @JsonProperty("Undo")
    UNDO("Undo"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    StepFailurePolicy(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
