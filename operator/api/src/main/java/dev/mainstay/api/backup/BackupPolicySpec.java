package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.ObjectReference;
import dev.mainstay.api.schedule.DayMatch;
import dev.mainstay.api.schedule.MissedRunPolicy;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What is backed up, where to, and how long it may take. */
@ValidationRule(
        value = "!has(self.encryption) || !has(self.verification) || !has(self.verification.restoreTest)"
                + " || has(self.verification.restoreTest.identitySecretRef)",
        message =
                "backups are encrypted, and verification.restoreTest has no identitySecretRef: without a secret key none"
                        + " can be restored")
public record BackupPolicySpec(
        @JsonPropertyDescription("The ManagedApplication whose database is backed up.") @Required
        ObjectReference applicationRef,

        @JsonPropertyDescription("Which of the application's databases; may be left out when it has just one.")
        @Size(min = 1, max = 63)
        @ValidationRule(value = FieldRules.LABEL_NAME, message = FieldRules.LABEL_NAME_MESSAGE)
        String database,

        @JsonPropertyDescription("When backups are made: a cron expression of 5 fields (minute, hour, day of month, "
                + "month, day of week) or a name such as @daily; only by hand when left out.")
        @Size(min = 1, max = 128)
        String schedule,

        @JsonPropertyDescription("Time zone of the schedule, by its IANA name such as Europe/Berlin.")
        @Default("UTC")
        @Size(min = 1, max = 64)
        String timeZone,

        @JsonPropertyDescription("Which days are meant when day of month and day of week are both restricted: those "
                + "that match either, or those that match both.")
        @Default("Any")
        DayMatch dayMatch,

        @JsonPropertyDescription("Stops the schedule. Backups that a person asks for are made all the same.")
        Boolean suspend,

        @JsonPropertyDescription(
                "Backups start later than their slots by up to this long; how much, is fixed for each " + "policy.")
        @Default("0s")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.DURATION, message = FieldRules.DURATION_MESSAGE)
        String jitter,

        @JsonPropertyDescription("How late a slot may still start, after downtime for example.")
        @Default("1h")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String startingDeadline,

        @JsonPropertyDescription("What becomes of slots that were missed: the latest of them runs, or none.")
        @Default("RunLatest")
        MissedRunPolicy missedRunPolicy,

        @JsonPropertyDescription("Where backups are kept.") @Required
        Storage storage,

        @JsonPropertyDescription("How the dump is compressed.")
        Compression compression,

        @JsonPropertyDescription("Encryption by the client, with age; none when left out.")
        Encryption encryption,

        @JsonPropertyDescription("What is left out of the backups.")
        Exclude exclude,

        @JsonPropertyDescription("Client certificate with which the database is opened, beside user and password.")
        ClientCertificate clientCertSecretRef,

        @JsonPropertyDescription("How long pg_dump waits for a table lock before it gives up.")
        @Default("2m")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.DURATION, message = FieldRules.DURATION_MESSAGE)
        String lockWaitTimeout,

        @JsonPropertyDescription("How a backup is proven.") Verification verification,

        @JsonPropertyDescription("Which backups are kept; all of them when left out.")
        @ValidationRule(
                value = "has(self.keepLast) || has(self.keepHourly) || has(self.keepDaily) || has(self.keepWeekly)"
                        + " || has(self.keepMonthly) || has(self.keepYearly) || has(self.keepWithin)",
                message = "needs one of keepLast, keepHourly, keepDaily, keepWeekly, keepMonthly, keepYearly and "
                        + "keepWithin; without one everything is kept, and retention is to be left out")
        Retention retention,

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
        Retry retry,

        @JsonPropertyDescription(
                "What becomes of the data when a finished DatabaseBackup is deleted. Delete removes that "
                        + "of objects with the annotation mainstay.dev/allow-data-deletion: \"true\".")
        @Default("Retain")
        DeletionPolicy deletionPolicy,

        @JsonPropertyDescription("How many failed and how many skipped backups of slots stay as objects. What a person "
                + "asked for stays.")
        @Default("5")
        @Min(1)
        @Max(100)
        Integer failedHistoryLimit) {

    /** The schedule's zone; {@code UTC} when none is given. */
    @Override
    public String timeZone() {
        return timeZone == null ? "UTC" : timeZone;
    }

    /** What the schedule's day fields mean together; {@code Any} when nothing is given. */
    @Override
    public DayMatch dayMatch() {
        return dayMatch == null ? DayMatch.ANY : dayMatch;
    }

    /** Whether the schedule is stopped. */
    @Override
    public Boolean suspend() {
        return Boolean.TRUE.equals(suspend);
    }

    /** The longest delay of a slot; {@code 0s} when none is given. */
    @Override
    public String jitter() {
        return jitter == null ? "0s" : jitter;
    }

    /** How late a slot may start; {@code 1h} when nothing is given. */
    @Override
    public String startingDeadline() {
        return startingDeadline == null ? "1h" : startingDeadline;
    }

    /** What becomes of missed slots; {@code RunLatest} when nothing is given. */
    @Override
    public MissedRunPolicy missedRunPolicy() {
        return missedRunPolicy == null ? MissedRunPolicy.RUN_LATEST : missedRunPolicy;
    }

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

    /** To whom backups are encrypted; empty when they are not. */
    public List<String> recipients() {
        return encryption == null ? List.of() : encryption.recipients();
    }

    /** What is left out; nothing when nothing is given. */
    @Override
    public Exclude exclude() {
        return exclude == null ? new Exclude(null) : exclude;
    }

    /** How backups are proven, with its defaults. */
    @Override
    public Verification verification() {
        return verification == null ? new Verification(null, null) : verification;
    }

    /** What becomes of the data of deleted objects; {@code Retain} when nothing is given. */
    @Override
    public DeletionPolicy deletionPolicy() {
        return deletionPolicy == null ? DeletionPolicy.RETAIN : deletionPolicy;
    }

    /** How many failed backups of slots stay; 5 when nothing is given. */
    @Override
    public Integer failedHistoryLimit() {
        return failedHistoryLimit == null ? 5 : failedHistoryLimit;
    }

    /** What happens after a failed attempt, with its defaults. */
    @Override
    public Retry retry() {
        return retry == null ? new Retry(null, null) : retry;
    }
}
