package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a person has to approve what is done about an alert. */
public enum RemediationApproval {
    /** Nothing begins before a person has approved it. */
    @JsonProperty("Required")
    REQUIRED,
    /** It begins by itself. */
    @JsonProperty("None")
    NONE,
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
