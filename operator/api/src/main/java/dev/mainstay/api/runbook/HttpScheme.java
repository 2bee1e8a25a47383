package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How Pods are asked. */
public enum HttpScheme {
    /** In clear. */
    @JsonProperty("HTTP")
    HTTP,
    /** Over TLS. */
    @JsonProperty("HTTPS")
    HTTPS,
    /** A value of a newer version, with which nobody is asked; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
