package dev.mainstay.api.rollback;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a rollback is. */
public enum RollbackPhase {
    /** Nothing was changed yet. */
    @JsonProperty("Pending")
    PENDING("Pending"),
    /** The Deployments are being changed. */
    @JsonProperty("RollingBack")
    ROLLING_BACK("RollingBack"),
    /** What runs now is looked at. */
    @JsonProperty("Verifying")
    VERIFYING("Verifying"),
    /** What ran before is being put back. */
    @JsonProperty("Restoring")
    RESTORING("Restoring"),
    /** The target does not work, and the maintenance page is being put up. */
    @JsonProperty("EnteringMaintenance")
    ENTERING_MAINTENANCE("EnteringMaintenance"),
    /** It has its outcome, and keeps Flux from putting the former state back. */
    @JsonProperty("Holding")
    HOLDING("Holding"),
    /** It never acts again. */
    @JsonProperty("Finished")
    FINISHED("Finished"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    RollbackPhase(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
