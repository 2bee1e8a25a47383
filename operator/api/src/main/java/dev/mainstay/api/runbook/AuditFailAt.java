package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** From which severity on a known vulnerability has the step fail; below it is a finding. */
public enum AuditFailAt {
    /** Critical alone. */
    @JsonProperty("Critical")
    CRITICAL,
    /** High and critical. */
    @JsonProperty("High")
    HIGH,
    /** Moderate and above. */
    @JsonProperty("Moderate")
    MODERATE,
    /** Low and above. */
    @JsonProperty("Low")
    LOW,
    /** None: each is a finding. */
    @JsonProperty("Never")
    NEVER,
    /** A value of a newer version, which is taken for {@code Low}; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
