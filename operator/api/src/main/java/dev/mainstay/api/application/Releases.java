package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** When a state of the application is good enough to go back to. */
public record Releases(
        @JsonPropertyDescription(
                "How long every rollout must be complete, and the health check pass where there is one, "
                        + "before what runs is written down as a release that a rollback may go back to.")
        @Default("5m")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String soakTime) {

    private static final String SOAK_TIME = "5m";

    /** What holds when nothing is said. */
    public static final Releases DEFAULTS = new Releases(null);

    /** How long it must work; 5 minutes when nothing is said. */
    @Override
    public String soakTime() {
        return soakTime == null ? SOAK_TIME : soakTime;
    }
}
