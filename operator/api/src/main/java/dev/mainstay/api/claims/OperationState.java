package dev.mainstay.api.claims;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Where an operation is. */
public enum OperationState {
    /** It has what it claims. */
    @JsonProperty("Active")
    ACTIVE,
    /** It was asked to make room for an emergency, and ends. */
    @JsonProperty("MakingRoom")
    MAKING_ROOM,
    /** It waits for its turn. */
    @JsonProperty("Waiting")
    WAITING,
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
