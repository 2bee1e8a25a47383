package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What a run came to: the worst that one of its steps did, or why it did not do them. */
public enum RunOutcome {
    /** Each step that was done did what it should. */
    @JsonProperty("Passed")
    PASSED("Passed"),
    /** The same, and one of them found something that somebody should look at. */
    @JsonProperty("Findings")
    FINDINGS("Findings"),
    /** One of them could not find out what it was to find out; none failed. */
    @JsonProperty("CouldNotCheck")
    COULD_NOT_CHECK("CouldNotCheck"),
    /** One of them failed. */
    @JsonProperty("Failed")
    FAILED("Failed"),
    /** A person ended it. */
    @JsonProperty("Cancelled")
    CANCELLED("Cancelled"),
    /** It was meant for another time, or nobody could approve it. */
    @JsonProperty("Refused")
    REFUSED("Refused"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    RunOutcome(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
