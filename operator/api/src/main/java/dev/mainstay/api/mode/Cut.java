package dev.mainstay.api.mode;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of the application while its Services lead to the page. */
public enum Cut {
    /** It goes on running, and connections that were open before with it. */
    @JsonProperty("Soft")
    SOFT,
    /** Its workloads are stopped. */
    @JsonProperty("Hard")
    HARD,
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
