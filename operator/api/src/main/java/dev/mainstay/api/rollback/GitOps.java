package dev.mainstay.api.rollback;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What a rollback does about a program that applies the same Deployments from a repository. */
public enum GitOps {
    /** It is looked for: Flux is held, and a self-healing Argo CD blocks the rollback. */
    @JsonProperty("Detect")
    DETECT("Detect"),
    /** The Deployments are written all the same, and it is watched whether they are put back. */
    @JsonProperty("PatchAnyway")
    PATCH_ANYWAY("PatchAnyway"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    GitOps(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
