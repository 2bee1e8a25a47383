package dev.mainstay.api.rollback;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What a rollback came to. */
public enum RollbackOutcome {
    /** The target runs, and was verified. */
    @JsonProperty("Succeeded")
    SUCCEEDED("Succeeded"),
    /** What was asked for runs already. */
    @JsonProperty("NoOp")
    NO_OP("NoOp"),
    /** There is nothing to go back to. */
    @JsonProperty("NoTarget")
    NO_TARGET("NoTarget"),
    /** Something has to be changed before it can be done; nothing was. */
    @JsonProperty("Blocked")
    BLOCKED("Blocked"),
    /** It could not be done to its end. */
    @JsonProperty("Failed")
    FAILED("Failed"),
    /** The target was put in place, and does not work. */
    @JsonProperty("VerifyFailed")
    VERIFY_FAILED("VerifyFailed"),
    /** The target was put in place, and nothing tells whether it works. */
    @JsonProperty("Inconclusive")
    INCONCLUSIVE("Inconclusive"),
    /** Somebody put the bad state back. */
    @JsonProperty("Reverted")
    REVERTED("Reverted"),
    /** A person ended it. */
    @JsonProperty("Cancelled")
    CANCELLED("Cancelled"),
    /** Somebody changed the same Deployments meanwhile. */
    @JsonProperty("Superseded")
    SUPERSEDED("Superseded"),
    /** The same request was carried out before. */
    @JsonProperty("Duplicate")
    DUPLICATE("Duplicate"),
    /** It may not be carried out. */
    @JsonProperty("Refused")
    REFUSED("Refused"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    RollbackOutcome(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
