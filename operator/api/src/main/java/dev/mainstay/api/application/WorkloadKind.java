package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Kinds of workload that an application can be made of. */
public enum WorkloadKind {
    /** A Deployment of {@code apps/v1}. */
    @JsonProperty("Deployment")
    DEPLOYMENT("Deployment"),
    /** A StatefulSet of {@code apps/v1}. */
    @JsonProperty("StatefulSet")
    STATEFUL_SET("StatefulSet"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    WorkloadKind(String text) {
        this.text = text;
    }

    /** The kind as Kubernetes spells it. */
    public String text() {
        return text;
    }
}
