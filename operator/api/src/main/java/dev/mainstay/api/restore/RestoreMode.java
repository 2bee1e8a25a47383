package dev.mainstay.api.restore;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Where the restored data goes. */
public enum RestoreMode {
    /** Into the place of the database, which is kept under another name. */
    @JsonProperty("Swap")
    SWAP,
    /** Into a new database beside it; nothing else is touched. */
    @JsonProperty("NewDatabase")
    NEW_DATABASE,
    /** Into the database itself, which has to be empty: no database is made, renamed or kept. */
    @JsonProperty("IntoEmpty")
    INTO_EMPTY,
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
