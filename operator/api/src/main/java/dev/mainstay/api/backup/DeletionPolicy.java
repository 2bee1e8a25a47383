package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of the data when a finished DatabaseBackup is deleted. */
public enum DeletionPolicy {
    /** It stays in the bucket. */
    @JsonProperty("Retain")
    RETAIN,
    /** It is removed, if the object allows that by an annotation too. */
    @JsonProperty("Delete")
    DELETE,
    /** A value of a newer version, which is taken for {@code Retain}; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
