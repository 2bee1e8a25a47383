package dev.mainstay.api.schedule;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a rollout is when its run is made. */
public enum RolloutStage {
    /** All Pods are of the new template and available. */
    @JsonProperty("Completed")
    COMPLETED("Completed"),
    /** It has begun. */
    @JsonProperty("Started")
    STARTED("Started"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    RolloutStage(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
