package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.alert.AlertSeverity;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What a channel is told. */
public record NotifyStep(
        @JsonPropertyDescription("Name of the NotificationChannel, in the same namespace.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.OBJECT_NAME, message = FieldRules.OBJECT_NAME_MESSAGE)
        String channel,

        @JsonPropertyDescription(
                "What it is told. It is sent as it stands here: parameters of the run are not put into it.")
        @Required
        @Size(max = 1024)
        @ValidationRule(value = FieldRules.NOT_BLANK, message = FieldRules.NOT_BLANK_MESSAGE)
        String message,

        @JsonPropertyDescription("How grave it is.") @Default("info")
        AlertSeverity severity) {

    /** How grave; nothing is to be done at once when nothing is said. */
    @Override
    public AlertSeverity severity() {
        return severity == null ? AlertSeverity.INFO : severity;
    }
}
