package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A known vulnerability that is lived with for a while. */
public record AuditAllowance(
        @JsonPropertyDescription(
                "The advisory, such as GHSA-35jh-r3h4-6jhm; or its number, of a registry that gives no other.")
        @Required
        @Size(min = 1, max = 19)
        @ValidationRule(
                value = "self.matches('^(GHSA(-[0-9a-z]{4}){3}|[0-9]{1,12})$')",
                message = "must be an advisory as npm audit names it, such as GHSA-35jh-r3h4-6jhm, or its number")
        String advisory,

        @JsonPropertyDescription(
                "The last day, in UTC, on which it is lived with. After it the vulnerability counts again.")
        @Required
        @Size(min = 10, max = 10)
        @ValidationRule(
                value = "self.matches('^2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$')",
                message = "must be a day, such as 2027-01-31")
        String until,

        @JsonPropertyDescription("Why it is lived with, for whoever reads the Runbook or the run.")
        @Required
        @Size(min = 1, max = 256)
        @ValidationRule(value = FieldRules.NOT_BLANK, message = FieldRules.NOT_BLANK_MESSAGE)
        String reason) {}
