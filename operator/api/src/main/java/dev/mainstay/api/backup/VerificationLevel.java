package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How thoroughly a backup was or is to be proven, weakest first. */
public enum VerificationLevel {
    /** Committed, not read back. */
    @JsonProperty("None")
    NONE("None"),
    /** Every byte read back from the store and compared by hash. */
    @JsonProperty("Checksum")
    CHECKSUM("Checksum"),
    /** Read back through pg_restore, every row of every table counted. */
    @JsonProperty("FullRead")
    FULL_READ("FullRead"),
    /** Restored into a database of its own, its rows counted there and its queries asked. */
    @JsonProperty("RestoreTest")
    RESTORE_TEST("RestoreTest"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    VerificationLevel(String text) {
        this.text = text;
    }

    /** The level as the API spells it. */
    public String text() {
        return text;
    }
}
