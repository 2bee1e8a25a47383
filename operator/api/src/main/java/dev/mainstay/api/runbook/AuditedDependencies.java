package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Which dependencies of a lock file are looked at. */
public enum AuditedDependencies {
    /** All that the lock file names. */
    @JsonProperty("All")
    ALL,
    /** Those alone that the application runs with: npm's {@code --omit=dev}. */
    @JsonProperty("Production")
    PRODUCTION,
    /** A value of a newer version, which is taken for {@code All}; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
