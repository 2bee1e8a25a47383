package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A channel that is told of an alert, and how long after it began to fire. */
public record NotifyTarget(
        @JsonPropertyDescription("Name of the NotificationChannel, in the same namespace.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.OBJECT_NAME, message = FieldRules.OBJECT_NAME_MESSAGE)
        String channel,

        @JsonPropertyDescription(
                "How long the alert has to fire, without anybody having acknowledged it, before this channel is told.")
        @Default("0s")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.DURATION, message = FieldRules.DURATION_MESSAGE)
        String after) {

    /** How long; at once when nothing is said. */
    @Override
    public String after() {
        return after == null ? "0s" : after;
    }
}
