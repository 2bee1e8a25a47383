package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.ObjectReference;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What is backed up, where to, and how long it may take. */
public record BackupPolicySpec(
        @JsonPropertyDescription("The ManagedApplication whose database is backed up.") @Required
        ObjectReference applicationRef,

        @JsonPropertyDescription("Which of the application's databases; may be left out when it has just one.")
        @Size(min = 1, max = 63)
        @ValidationRule(value = FieldRules.LABEL_NAME, message = FieldRules.LABEL_NAME_MESSAGE)
        String database,

        @JsonPropertyDescription("Where backups are kept.") @Required
        Storage storage,

        @JsonPropertyDescription("How the dump is compressed.")
        Compression compression,

        @JsonPropertyDescription("How long pg_dump waits for a table lock before it gives up.")
        @Default("2m")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.DURATION, message = FieldRules.DURATION_MESSAGE)
        String lockWaitTimeout,

        @JsonPropertyDescription("How a backup is proven.") Verification verification,

        @JsonPropertyDescription("How long one attempt may take, from the start of its container.")
        @Default("4h")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String timeout,

        @JsonPropertyDescription("How long an attempt's Pod may wait for a node or an image.")
        @Default("10m")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String pendingTimeout,

        @JsonPropertyDescription("What happens after an attempt that failed.")
        Retry retry) {

    /** The time pg_dump waits for locks; {@code 2m} when none is given. */
    @Override
    public String lockWaitTimeout() {
        return lockWaitTimeout == null ? "2m" : lockWaitTimeout;
    }

    /** The time one attempt may take; {@code 4h} when none is given. */
    @Override
    public String timeout() {
        return timeout == null ? "4h" : timeout;
    }

    /** The time a Pod may stay pending; {@code 10m} when none is given. */
    @Override
    public String pendingTimeout() {
        return pendingTimeout == null ? "10m" : pendingTimeout;
    }

    /** How dumps are compressed, with its defaults. */
    @Override
    public Compression compression() {
        return compression == null ? new Compression(null) : compression;
    }

    /** How backups are proven, with its defaults. */
    @Override
    public Verification verification() {
        return verification == null ? new Verification(null) : verification;
    }

    /** What happens after a failed attempt, with its defaults. */
    @Override
    public Retry retry() {
        return retry == null ? new Retry(null, null) : retry;
    }
}
