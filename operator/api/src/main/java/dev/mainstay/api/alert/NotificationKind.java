package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What a channel is told of an alert. */
public enum NotificationKind {
    /** That it fires. */
    @JsonProperty("Trigger")
    TRIGGER,
    /** That it still fires. */
    @JsonProperty("Repeat")
    REPEAT,
    /** That it has ended, and why. */
    @JsonProperty("Resolve")
    RESOLVE,
    /** What happened while alerts were muted. */
    @JsonProperty("Digest")
    DIGEST,
    /** Nothing but that messages arrive. */
    @JsonProperty("Test")
    TEST,
    /** What a step of a maintenance run has to say; no alert is meant. */
    @JsonProperty("Inform")
    INFORM,
    /** A value of a newer version. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
