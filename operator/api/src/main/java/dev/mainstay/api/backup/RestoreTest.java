package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.SecretKeyReference;
import dev.mainstay.api.query.RestoreQuery;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** On a schedule of its own, the newest backup is restored into a database that is dropped again. */
public record RestoreTest(
        @JsonPropertyDescription(
                "When: a cron expression of 5 fields or a name such as @weekly, in the policy's timeZone "
                        + "and by the same rules of time as the backups' schedule.")
        @Required
        @Size(min = 1, max = 128)
        String schedule,

        @JsonPropertyDescription("Where it is restored.") @Required
        RestoreTestTarget target,

        @JsonPropertyDescription("Questions to the restored database.") @Size(max = 16)
        List<RestoreQuery> queries,

        @JsonPropertyDescription(
                "The secret key of age that opens encrypted backups. It is mounted into the Jobs of restore "
                        + "tests alone.")
        SecretKeyReference identitySecretRef,

        @JsonPropertyDescription("How long one test may take, from the start of its container.")
        @Default("4h")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String timeout) {

    /** The questions; empty when there are none. */
    @Override
    public List<RestoreQuery> queries() {
        return queries == null ? List.of() : queries;
    }

    /** The time one test may take; {@code 4h} when none is given. */
    @Override
    public String timeout() {
        return timeout == null ? "4h" : timeout;
    }
}
