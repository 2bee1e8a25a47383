package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What is done to a database of the application, with the role of its restores, one after the other in this order. */
@ValidationRule(
        value = "has(self.endIdleSessions) || has(self.dropPrevious) || has(self.reindex) || has(self.vacuum)"
                + " || has(self.analyze)",
        message = "must have at least one of endIdleSessions, dropPrevious, reindex, vacuum and analyze")
public record DatabaseMaintainStep(
        @JsonPropertyDescription(
                "Name of the database in spec.databases of the ManagedApplication, which must have an adminSecretRef; may be "
                        + "left out where there is one.")
        @Size(min = 1, max = 63)
        @ValidationRule(value = FieldRules.LABEL_NAME, message = FieldRules.LABEL_NAME_MESSAGE)
        String database,

        @JsonPropertyDescription("Ends sessions that do nothing.")
        IdleSessions endIdleSessions,

        @JsonPropertyDescription(
                "Drops databases that restores of this one have kept under another name, and that nobody uses any more.")
        DropPrevious dropPrevious,

        @JsonPropertyDescription("Builds indexes anew while they are used (REINDEX CONCURRENTLY).")
        Reindex reindex,

        @JsonPropertyDescription("Vacuums and analyzes tables (VACUUM ANALYZE), never in full.")
        DatabaseTables vacuum,

        @JsonPropertyDescription("Analyzes tables.") DatabaseTables analyze,

        @JsonPropertyDescription(
                "How long a lock, or the end of somebody's transaction, is waited for; what is locked for longer is left out, "
                        + "and the step fails in the end.")
        @Default("5s")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String lockTimeout,

        @JsonPropertyDescription(
                "Where a transaction has been open for so long, nothing is reindexed, vacuumed or analyzed: it would wait for "
                        + "it, or could not take away what it still sees.")
        @Default("1h")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String transactionAge) {

    /** How long; 5 seconds when nothing is said. */
    @Override
    public String lockTimeout() {
        return lockTimeout == null ? "5s" : lockTimeout;
    }

    /** How long; an hour when nothing is said. */
    @Override
    public String transactionAge() {
        return transactionAge == null ? "1h" : transactionAge;
    }
}
