package dev.mainstay.api.status;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a condition holds. */
public enum ConditionStatus {
    /** It holds. */
    @JsonProperty("True")
    TRUE,
    /** It does not hold. */
    @JsonProperty("False")
    FALSE,
    /** It can't be told. */
    @JsonEnumDefaultValue
    @JsonProperty("Unknown")
    UNKNOWN
}
