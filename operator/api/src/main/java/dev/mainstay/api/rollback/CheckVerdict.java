package dev.mainstay.api.rollback;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What a check of a verification says. */
public enum CheckVerdict {
    /** It is as it should be. */
    @JsonProperty("Pass")
    PASS("Pass"),
    /** It is not as it should be. */
    @JsonProperty("Fail")
    FAIL("Fail"),
    /** There is nothing to judge by. */
    @JsonProperty("NoData")
    NO_DATA("NoData"),
    /** It could not be asked. */
    @JsonProperty("Error")
    ERROR("Error"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    CheckVerdict(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
