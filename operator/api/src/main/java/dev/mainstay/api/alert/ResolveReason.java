package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Why an alert ended. */
public enum ResolveReason {
    /** A value was measured that is good. */
    @JsonProperty("Recovered")
    RECOVERED,
    /** There is no value any more, and noData: OK says that this is good. */
    @JsonProperty("SeriesGone")
    SERIES_GONE,
    /** The value can not be found out any more, and onError: OK says that this is good. */
    @JsonProperty("ErrorsAccepted")
    ERRORS_ACCEPTED,
    /** The rule watches something else now. */
    @JsonProperty("RuleChanged")
    RULE_CHANGED,
    /** The rule is deleted. */
    @JsonProperty("RuleDeleted")
    RULE_DELETED,
    /** The rule, or its application, is paused. */
    @JsonProperty("Paused")
    PAUSED,
    /** A value of a newer version. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}
