package dev.mainstay.api.mode;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a maintenance mode is. */
public enum ModePhase {
    /** The page is started, and the Services are led to it. */
    @JsonProperty("Entering")
    ENTERING("Entering"),
    /** The Services lead to the page. */
    @JsonProperty("Active")
    ACTIVE("Active"),
    /** The Services are led back, and the page goes. */
    @JsonProperty("Leaving")
    LEAVING("Leaving"),
    /** It never acts again. */
    @JsonProperty("Ended")
    ENDED("Ended"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    ModePhase(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
