package dev.mainstay.api.restore;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** The steps of a restore, by name. */
public enum RestoreStepName {
    /** The backup and the server are looked at. */
    @JsonProperty("Plan")
    PLAN("Plan"),
    /** The database in use is backed up. */
    @JsonProperty("SafetyBackup")
    SAFETY_BACKUP("SafetyBackup"),
    /** The backup is restored beside the database in use, and verified. */
    @JsonProperty("RestoreCopy")
    RESTORE_COPY("RestoreCopy"),
    /** The Services are led to a maintenance page. */
    @JsonProperty("EnterMaintenance")
    ENTER_MAINTENANCE("EnterMaintenance"),
    /** Workloads are stopped and CronJobs suspended. */
    @JsonProperty("StopWorkloads")
    STOP_WORKLOADS("StopWorkloads"),
    /** The copy takes the place of the database, which is kept. */
    @JsonProperty("Swap")
    SWAP("Swap"),
    /** The backup is restored into the database itself, which is empty, and verified before anybody sees it. */
    @JsonProperty("RestoreIntoEmpty")
    RESTORE_INTO_EMPTY("RestoreIntoEmpty"),
    /** Workloads and CronJobs are given back. */
    @JsonProperty("StartWorkloads")
    START_WORKLOADS("StartWorkloads"),
    /** The Pods are asked how they are. */
    @JsonProperty("CheckHealth")
    CHECK_HEALTH("CheckHealth"),
    /** The Services are led back. */
    @JsonProperty("LeaveMaintenance")
    LEAVE_MAINTENANCE("LeaveMaintenance"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    RestoreStepName(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
