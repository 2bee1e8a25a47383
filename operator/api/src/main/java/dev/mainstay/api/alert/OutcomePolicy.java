package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What it means for an alert that there is no value. */
public enum OutcomePolicy {
    /** The alert stays as it is: it neither begins nor ends. */
    @JsonProperty("KeepState")
    KEEP_STATE,
    /** It counts as what the rule watches for. */
    @JsonProperty("Alert")
    ALERT,
    /** It counts as the opposite. */
    @JsonProperty("OK")
    OK,
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
