package dev.mainstay.api.schedule;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Which days are meant when day of month and day of week are both restricted. */
public enum DayMatch {
    /** Days that match either of the two, as cron has always done it. */
    @JsonProperty("Any")
    ANY("Any"),
    /** Days that match both: with {@code 0 9 1-7 * MON} the first Monday of a month. */
    @JsonProperty("All")
    ALL("All"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    DayMatch(String text) {
        this.text = text;
    }

    /** The value as the API spells it. */
    public String text() {
        return text;
    }
}
