package dev.mainstay.api.restore;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What a restore came to. */
public enum RestoreOutcome {
    /** The restored data is in place. */
    @JsonProperty("Succeeded")
    SUCCEEDED("Succeeded"),
    /** Something has to be changed before it can be done; nothing was. */
    @JsonProperty("Blocked")
    BLOCKED("Blocked"),
    /** It could not be done; the database is the one that was there before. */
    @JsonProperty("Failed")
    FAILED("Failed"),
    /** The restored data is in place, and the application is not healthy with it, or its page could not be taken away. */
    @JsonProperty("Unhealthy")
    UNHEALTHY("Unhealthy"),
    /** A person ended it; the database is the one that was there before. */
    @JsonProperty("Cancelled")
    CANCELLED("Cancelled"),
    /** The same request was carried out before. */
    @JsonProperty("Duplicate")
    DUPLICATE("Duplicate"),
    /** It is a copy of an earlier request, or was meant for another time. */
    @JsonProperty("Refused")
    REFUSED("Refused"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    RestoreOutcome(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
