package dev.mainstay.api.query;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How the answer of a query is compared with what is expected. */
public enum ExpectationOperator {
    /** It is the same. */
    @JsonProperty("Equals")
    EQUALS,
    /** It is a larger number. */
    @JsonProperty("GreaterThan")
    GREATER_THAN,
    /** It is a smaller number. */
    @JsonProperty("LessThan")
    LESS_THAN,
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
