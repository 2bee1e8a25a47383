package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How the Pods of a workload are replaced by a step. */
public enum RestartMethod {
    /** Its pod template is marked, and its controller replaces them by its own update strategy. */
    @JsonProperty("Rollout")
    ROLLOUT,
    /** They are evicted one after the other, as far as PodDisruptionBudgets allow. */
    @JsonProperty("Eviction")
    EVICTION,
    /** A value of a newer version, by which nothing is restarted; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
