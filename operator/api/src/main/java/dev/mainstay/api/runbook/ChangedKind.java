package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What a step of a run has changed. */
public enum ChangedKind {
    /** Its replicas. */
    @JsonProperty("Deployment")
    DEPLOYMENT("Deployment"),
    /** Its replicas. */
    @JsonProperty("StatefulSet")
    STATEFUL_SET("StatefulSet"),
    /** Its minReplicas. */
    @JsonProperty("HorizontalPodAutoscaler")
    HORIZONTAL_POD_AUTOSCALER("HorizontalPodAutoscaler"),
    /** It was made. */
    @JsonProperty("MaintenanceMode")
    MAINTENANCE_MODE("MaintenanceMode"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    ChangedKind(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
