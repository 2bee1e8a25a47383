package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Sessions of the database that are ended; never one of a superuser. */
public record IdleSessions(
        @JsonPropertyDescription("Roles whose sessions are ended, exactly as the server spells them.")
        @Required
        @Size(min = 1, max = 16)
        List<@Size(min = 1, max = 63) String> users,

        @JsonPropertyDescription("A session is ended that has been idle for so long, outside of a transaction.")
        @Default("1h")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String idleFor,

        @JsonPropertyDescription("A session is ended that has been idle in a transaction for so long, which is lost.")
        @Default("1h")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String inTransactionFor) {

    /** The roles. */
    @Override
    public List<String> users() {
        return users == null ? List.of() : users;
    }

    /** How long; an hour when nothing is said. */
    @Override
    public String idleFor() {
        return idleFor == null ? "1h" : idleFor;
    }

    /** How long; an hour when nothing is said. */
    @Override
    public String inTransactionFor() {
        return inTransactionFor == null ? "1h" : inTransactionFor;
    }
}
