package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.ObjectReference;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;

/** Which Runbook is run for the application while the alert fires, and how often at most. */
public record Remediation(
        @JsonPropertyDescription(
                "The Runbook whose steps are done for the application. A MaintenanceRun of it is made for each attempt.")
        @Required
        ObjectReference runbookRef,

        @JsonPropertyDescription("Values of the Runbook's parameters, by name; each at most 1024 characters.")
        @Size(max = 16)
        Map<String, @Size(max = 1024) String> parameters,

        @JsonPropertyDescription(
                "How long the alert has, once an attempt has ended, to end as well; and how long no other attempt is made after"
                        + " one.")
        @Default("10m")
        @Size(min = 2, max = 32)
        @ValidationRule(
                value = FieldRules.SHORT_DURATION + " && duration(self) >= duration('1m')"
                        + " && duration(self) <= duration('24h')",
                message = "must be a duration from 1m to 24h, such as 10m")
        String cooldown,

        @JsonPropertyDescription("How many attempts there are at most. Left out, 3 in an hour.")
        AttemptLimit maxAttempts,

        @JsonPropertyDescription(
                "true tells in status.remediation what would be done, once for each time that the alert fires, and does nothing.")
        @Default("true")
        Boolean dryRun,

        @JsonPropertyDescription(
                "Required has the MaintenanceRun wait, before its first step, until a person approves it; None does not. Steps with"
                        + " an approval of their own wait for it in both cases.")
        @Default("Required")
        RemediationApproval approval) {

    /** Values of parameters; empty when there are none. */
    @Override
    public Map<String, String> parameters() {
        return parameters == null ? Map.of() : parameters;
    }

    /** How long; ten minutes when nothing is said. */
    @Override
    public String cooldown() {
        return cooldown == null ? "10m" : cooldown;
    }

    /** How many; three in an hour when nothing is said. */
    @Override
    public AttemptLimit maxAttempts() {
        return maxAttempts == null ? AttemptLimit.DEFAULTS : maxAttempts;
    }

    /** Whether nothing is done; nothing is when nothing is said. */
    @Override
    public Boolean dryRun() {
        return !Boolean.FALSE.equals(dryRun);
    }

    /** Whether a person is waited for; one is when nothing is said. */
    @Override
    public RemediationApproval approval() {
        return approval == null ? RemediationApproval.REQUIRED : approval;
    }
}
