package dev.mainstay.api.metrics;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How a value must stand to its threshold; none of them holds for two that are equal. */
public enum Comparison {
    /** The value is above the threshold. */
    @JsonProperty("GreaterThan")
    GREATER_THAN,
    /** The value is below the threshold. */
    @JsonProperty("LessThan")
    LESS_THAN,
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
