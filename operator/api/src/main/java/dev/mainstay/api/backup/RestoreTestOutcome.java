package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What a restore test came to. */
public enum RestoreTestOutcome {
    /** The backup was restored, and holds what it should. */
    @JsonProperty("Passed")
    PASSED("Passed"),
    /** It was not, or does not. */
    @JsonProperty("Failed")
    FAILED("Failed"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    RestoreTestOutcome(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
