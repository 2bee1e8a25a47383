package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A channel that is told of the alerts of an application that name none themselves. */
public record ApplicationNotify(
        @JsonPropertyDescription("Name of the NotificationChannel, in the same namespace.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.OBJECT_NAME, message = FieldRules.OBJECT_NAME_MESSAGE)
        String channel,

        @JsonPropertyDescription("How grave an alert has to be at least.") @Default("warning")
        AlertSeverity minSeverity) {

    /** How grave; a warning at least when nothing is said. */
    @Override
    public AlertSeverity minSeverity() {
        return minSeverity == null ? AlertSeverity.WARNING : minSeverity;
    }
}
