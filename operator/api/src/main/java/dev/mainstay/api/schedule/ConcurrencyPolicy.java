package dev.mainstay.api.schedule;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of a slot that comes while an earlier run of its schedule is not finished. */
public enum ConcurrencyPolicy {
    /** It is skipped. */
    @JsonProperty("Forbid")
    FORBID("Forbid"),
    /** It waits until that run is finished, while its starting deadline lasts. */
    @JsonProperty("Queue")
    QUEUE("Queue"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    ConcurrencyPolicy(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
