package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Who is told when a channel takes nothing. */
public record ChannelFallback(
        @JsonPropertyDescription(
                "Name of another NotificationChannel, in the same namespace. Channels that stand in for each other in a circle leave"
                        + " nobody to be told when none of them takes a message.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.OBJECT_NAME, message = FieldRules.OBJECT_NAME_MESSAGE)
        String channel,

        @JsonPropertyDescription("How long a message has not been taken before the other channel is told.")
        @Default("10m")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.DURATION, message = FieldRules.DURATION_MESSAGE)
        String after) {

    /** How long; ten minutes when nothing is said. */
    @Override
    public String after() {
        return after == null ? "10m" : after;
    }
}
