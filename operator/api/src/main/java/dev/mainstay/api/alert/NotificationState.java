package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How far the newest message to a channel is. */
public enum NotificationState {
    /** It is on its way, or waits for its turn. */
    @JsonProperty("Sending")
    SENDING,
    /** The channel has taken it. */
    @JsonProperty("Sent")
    SENT,
    /** It was not taken yet, and is sent again. */
    @JsonProperty("Failing")
    FAILING,
    /** It was refused in a way that another attempt does not mend. */
    @JsonProperty("Refused")
    REFUSED,
    /** A value of a newer version. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
