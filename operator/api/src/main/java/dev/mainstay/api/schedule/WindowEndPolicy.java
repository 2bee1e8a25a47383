package dev.mainstay.api.schedule;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of a run that is not finished when its window closes. */
public enum WindowEndPolicy {
    /** It goes on to its end. */
    @JsonProperty("Finish")
    FINISH("Finish"),
    /** The step under way is finished, then those of finally are done. */
    @JsonProperty("StopAtSafePoint")
    STOP_AT_SAFE_POINT("StopAtSafePoint"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    WindowEndPolicy(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
