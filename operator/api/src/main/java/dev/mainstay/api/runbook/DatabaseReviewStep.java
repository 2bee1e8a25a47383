package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What is looked at in a database of the application, with the role of its backups, and from when on it is a finding. */
public record DatabaseReviewStep(
        @JsonPropertyDescription(
                "Name of the database in spec.databases of the ManagedApplication; may be left out where there is one.")
        @Size(min = 1, max = 63)
        @ValidationRule(value = FieldRules.LABEL_NAME, message = FieldRules.LABEL_NAME_MESSAGE)
        String database,

        @JsonPropertyDescription(
                "Connections that are taken are a finding from this part on of those that the server, or the database, allows.")
        @Default("80")
        @Min(1)
        @Max(100)
        Integer connectionsPercent,

        @JsonPropertyDescription("A transaction is a finding when it is open for so long; a prepared one too.")
        @Default("15m")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String transactionAge,

        @JsonPropertyDescription("A session is a finding when it has been idle in a transaction for so long.")
        @Default("5m")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String idleInTransactionAge,

        @JsonPropertyDescription(
                "A query is a finding when it takes so long on average, by pg_stat_statements since that was last reset.")
        @Default("1s")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String slowQueryTime,

        @JsonPropertyDescription(
                "An index that no query has used is a finding when it is so large; not one that keeps values unique.")
        @Default("10Mi")
        @Size(min = 3, max = 8)
        @ValidationRule(value = FieldRules.BYTE_SIZE, message = FieldRules.BYTE_SIZE_MESSAGE)
        String unusedIndexSize,

        @JsonPropertyDescription("Statistics that are younger say nothing of indexes that no query has used.")
        @Default("7d")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String statisticsAge,

        @JsonPropertyDescription(
                "A table or an index is a finding when by estimate so much of it is empty, and it is as large as bloatSize says.")
        @Default("50")
        @Min(1)
        @Max(99)
        Integer bloatPercent,

        @JsonPropertyDescription("Bloat of a smaller table or index is no finding.")
        @Default("100Mi")
        @Size(min = 3, max = 8)
        @ValidationRule(value = FieldRules.BYTE_SIZE, message = FieldRules.BYTE_SIZE_MESSAGE)
        String bloatSize,

        @JsonPropertyDescription(
                "The age of the oldest transaction id is a finding from this part on of the way to the wraparound.")
        @Default("50")
        @Min(1)
        @Max(99)
        Integer wraparoundPercent,

        @JsonPropertyDescription("A replication slot is a finding when it holds back so much of the write-ahead log.")
        @Default("1Gi")
        @Size(min = 3, max = 8)
        @ValidationRule(value = FieldRules.BYTE_SIZE, message = FieldRules.BYTE_SIZE_MESSAGE)
        String walSize) {

    /** In percent; 80 when nothing is said. */
    @Override
    public Integer connectionsPercent() {
        return connectionsPercent == null ? Integer.valueOf(80) : connectionsPercent;
    }

    /** How long; 15 minutes when nothing is said. */
    @Override
    public String transactionAge() {
        return transactionAge == null ? "15m" : transactionAge;
    }

    /** How long; 5 minutes when nothing is said. */
    @Override
    public String idleInTransactionAge() {
        return idleInTransactionAge == null ? "5m" : idleInTransactionAge;
    }

    /** How long; a second when nothing is said. */
    @Override
    public String slowQueryTime() {
        return slowQueryTime == null ? "1s" : slowQueryTime;
    }

    /** How large; 10 MiB when nothing is said. */
    @Override
    public String unusedIndexSize() {
        return unusedIndexSize == null ? "10Mi" : unusedIndexSize;
    }

    /** How old; a week when nothing is said. */
    @Override
    public String statisticsAge() {
        return statisticsAge == null ? "7d" : statisticsAge;
    }

    /** In percent; 50 when nothing is said. */
    @Override
    public Integer bloatPercent() {
        return bloatPercent == null ? Integer.valueOf(50) : bloatPercent;
    }

    /** How large; 100 MiB when nothing is said. */
    @Override
    public String bloatSize() {
        return bloatSize == null ? "100Mi" : bloatSize;
    }

    /** In percent; 50 when nothing is said. */
    @Override
    public Integer wraparoundPercent() {
        return wraparoundPercent == null ? Integer.valueOf(50) : wraparoundPercent;
    }

    /** How much; 1 GiB when nothing is said. */
    @Override
    public String walSize() {
        return walSize == null ? "1Gi" : walSize;
    }
}
