package dev.mainstay.api.metrics;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What a query without a value means for its check. */
public enum NoDataPolicy {
    /** The check does not pass. */
    @JsonProperty("Fail")
    FAIL,
    /** The check passes. */
    @JsonProperty("Ignore")
    IGNORE,
    /** A value of a newer version, which is taken for {@code Fail}; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
