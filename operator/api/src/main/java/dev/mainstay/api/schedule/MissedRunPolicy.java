package dev.mainstay.api.schedule;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of slots at which nothing could be started. */
public enum MissedRunPolicy {
    /** The latest of them runs late, while its starting deadline lasts. */
    @JsonProperty("RunLatest")
    RUN_LATEST("RunLatest"),
    /** None of them runs. */
    @JsonProperty("Skip")
    SKIP("Skip"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    MissedRunPolicy(String text) {
        this.text = text;
    }

    /** The value as the API spells it. */
    public String text() {
        return text;
    }
}
