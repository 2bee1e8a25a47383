package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What an attempt to do something about an alert came to. */
public enum RemediationOutcome {
    /** The run did what it should, and a good value was measured within the cool-down after it. */
    @JsonProperty("Healed")
    HEALED,
    /** The run did what it should, and the alert still fired when the cool-down was over. */
    @JsonProperty("StillFiring")
    STILL_FIRING,
    /** The alert ended, and no good value proves that the cause is gone; or nothing was known of it any more. */
    @JsonProperty("Unproven")
    UNPROVEN,
    /** A step of the run failed or could not check, or the run was broken off by an emergency. */
    @JsonProperty("RunFailed")
    RUN_FAILED,
    /** A person has cancelled, rejected or deleted the run. */
    @JsonProperty("Stopped")
    STOPPED,
    /** The run was never made, or never began. */
    @JsonProperty("NotDone")
    NOT_DONE,
    /** Nothing was to be done but to tell of it. */
    @JsonProperty("DryRun")
    DRY_RUN,
    /** A value of a newer version. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
