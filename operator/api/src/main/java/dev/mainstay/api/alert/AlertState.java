package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How an alert stands. */
public enum AlertState {
    /** What the rule watches for is not there. */
    @JsonProperty("Inactive")
    INACTIVE,
    /** It is there, for less than pendingFor. */
    @JsonProperty("Pending")
    PENDING,
    /** It is there for pendingFor, or was until less than keepFiringFor ago. */
    @JsonProperty("Firing")
    FIRING,
    /** Nothing is known: nothing has been measured yet, or what was measured has no value. */
    @JsonProperty("Unknown")
    UNKNOWN,
    /** A value of a newer version. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
