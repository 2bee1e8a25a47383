package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** For how long alerts on the application are not told while a run is under way. */
public record MuteAlerts(
        @JsonPropertyDescription(
                "How long at most, from the beginning of the run; it ends with the run if that is earlier. While the run waits for"
                        + " a person, alerts are told.")
        @Required
        @Size(min = 2, max = 32)
        @ValidationRule(
                value = FieldRules.SHORT_DURATION + " && duration(self) >= duration('1m')"
                        + " && duration(self) <= duration('24h')",
                message = "must be a duration from 1m to 24h, such as 30m")
        String duration) {}
