package dev.mainstay.api.rollback;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens when a rollback can't be verified. */
public enum OnFailure {
    /** Everything stays as it is then. */
    @JsonProperty("Hold")
    HOLD("Hold"),
    /** What ran before is put back, once. */
    @JsonProperty("RestorePrevious")
    RESTORE_PREVIOUS("RestorePrevious"),
    /** Everything stays, and the maintenance page is shown until a person takes it off. */
    @JsonProperty("MaintenanceMode")
    MAINTENANCE_MODE("MaintenanceMode"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    OnFailure(String text) {
        this.text = text;
    }

    /** As the API spells it. */
    public String text() {
        return text;
    }
}
