package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What a step came to. */
public enum StepOutcome {
    /** It did what it should. */
    @JsonProperty("Passed")
    PASSED("Passed"),
    /** The same, and there is something that somebody should look at. */
    @JsonProperty("Findings")
    FINDINGS("Findings"),
    /** It could not find out what it was to find out. */
    @JsonProperty("CouldNotCheck")
    COULD_NOT_CHECK("CouldNotCheck"),
    /** It failed. */
    @JsonProperty("Failed")
    FAILED("Failed"),
    /** It was not done; the message says why. */
    @JsonProperty("Skipped")
    SKIPPED("Skipped"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    StepOutcome(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
