package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Until when a person is waited for. */
public record Approval(
        @JsonPropertyDescription(
                "How long a person is waited for; then the step has failed, or the run does not begin.")
        @Default("24h")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String expiresAfter) {

    /** What holds when nothing is said. */
    public static final Approval DEFAULTS = new Approval(null);

    /** How long; a day when nothing is said. */
    @Override
    public String expiresAfter() {
        return expiresAfter == null ? "24h" : expiresAfter;
    }
}
