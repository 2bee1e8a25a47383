package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** The application's maintenance page, by a MaintenanceMode of the run. */
@ValidationRule(
        value = "self.enabled || !has(self.duration)",
        message = "duration says how long the mode lasts that enabled: true makes: leave it out")
public record MaintenanceModeStep(
        @JsonPropertyDescription(
                "true makes a MaintenanceMode and waits until it is active; false ends those that the run's earlier steps "
                        + "have made, and waits until they are gone. One that is left is ended when the run ends or is deleted.")
        @Required
        Boolean enabled,

        @JsonPropertyDescription("The mode ends after this time at the latest, also when Mainstay was away meanwhile.")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String duration) {

    /** Whether it makes a mode. */
    public boolean makes() {
        return Boolean.TRUE.equals(enabled);
    }
}
