package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What a check comes to where what must hold does not. */
public enum UnmetOutcome {
    /** The step has failed. */
    @JsonProperty("Failed")
    FAILED,
    /** Somebody should look at it. */
    @JsonProperty("Findings")
    FINDINGS,
    /** A value of a newer version, which is taken for {@code Failed}; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
