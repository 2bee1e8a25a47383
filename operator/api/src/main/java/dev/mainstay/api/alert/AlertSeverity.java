package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How grave an alert is. */
public enum AlertSeverity {
    /** Nothing is to be done at once. */
    @JsonProperty("info")
    INFO,
    /** Somebody should look at it within the working day. */
    @JsonProperty("warning")
    WARNING,
    /** Somebody has to look at it now. */
    @JsonProperty("critical")
    CRITICAL,
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
