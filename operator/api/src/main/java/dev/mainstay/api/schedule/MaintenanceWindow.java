package dev.mainstay.api.schedule;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A time in which maintenance may be done. */
public record MaintenanceWindow(
        @JsonPropertyDescription("Name by which messages call it.")
        @Required
        @Size(min = 1, max = 63)
        @ValidationRule(value = FieldRules.LABEL_NAME, message = FieldRules.LABEL_NAME_MESSAGE)
        String name,

        @JsonPropertyDescription("When it opens: a cron expression of 5 fields.") @Required @Size(min = 1, max = 128)
        String cron,

        @JsonPropertyDescription(
                "How long it stays open: elapsed time, across midnight and changes of the clocks. At its end it is closed.")
        @Required
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String duration) {}
