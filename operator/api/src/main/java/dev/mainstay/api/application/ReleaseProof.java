package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What stands behind a release. */
public enum ReleaseProof {
    /** Every rollout was complete, and the health check had passed all the time. */
    @JsonProperty("Health")
    HEALTH("Health"),
    /** Every rollout was complete all the time; the application has no health check. */
    @JsonProperty("Rollout")
    ROLLOUT("Rollout"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    ReleaseProof(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
