package dev.mainstay.api.workload;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Kinds of workload that can be stopped, and be given back what they had. */
public enum StoppableKind {
    /** A Deployment of {@code apps/v1}: it is scaled to zero. */
    @JsonProperty("Deployment")
    DEPLOYMENT("Deployment"),
    /** A StatefulSet of {@code apps/v1}: it is scaled to zero. */
    @JsonProperty("StatefulSet")
    STATEFUL_SET("StatefulSet"),
    /** A CronJob of {@code batch/v1}: it is suspended. */
    @JsonProperty("CronJob")
    CRON_JOB("CronJob"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    StoppableKind(String text) {
        this.text = text;
    }

    /** The kind as Kubernetes spells it. */
    public String text() {
        return text;
    }
}
