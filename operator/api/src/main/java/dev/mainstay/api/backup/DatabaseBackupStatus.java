package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.Failure;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;

/** What the backup did and came to. */
public record DatabaseBackupStatus(
        @JsonPropertyDescription("Generation of the object that this status was decided for.")
        Long observedGeneration,

        @JsonPropertyDescription("Conditions Ready, Reconciling, Stalled, Finished and Succeeded.") @Size(max = 16)
        List<Condition> conditions,

        @JsonPropertyDescription(
                "Where the backup is: Pending, Running, Verifying, Succeeded, Failed, Skipped " + "or Expired.")
        BackupPhase phase,

        @JsonPropertyDescription(
                "The slot of the policy's schedule that it was made for; absent when asked for by a person.")
        Instant slot,

        @JsonPropertyDescription("When the first attempt's container started.")
        Instant startedAt,

        @JsonPropertyDescription("When the backup was finished, either way.")
        Instant completedAt,

        @JsonPropertyDescription("From startedAt to completedAt, for people.") @Size(max = 32)
        String duration,

        @JsonPropertyDescription("How far the running attempt is.")
        Progress progress,

        @JsonPropertyDescription("Where the backup is, such as s3://bucket/prefix/namespace/policy/id/.")
        @Size(max = 1024)
        String location,

        @JsonPropertyDescription("Sizes, for people.") BackupSize size,

        @JsonPropertyDescription("Version of the database server.") @Size(max = 64)
        String serverVersion,

        @JsonPropertyDescription("The moment whose data the backup holds.")
        Instant snapshotAt,

        @JsonPropertyDescription("Position in the server's write-ahead log just before the snapshot.") @Size(max = 32)
        String lsn,

        @JsonPropertyDescription("SHA-256 of manifest.json, in hexadecimal.") @Size(max = 64)
        String sha256,

        @JsonPropertyDescription("How far the backup was proven.")
        Verified verified,

        @JsonPropertyDescription("What came of the policy's retention, which runs after a backup is proven.")
        RetentionOutcome retention,

        @JsonPropertyDescription("What it was granted of its application, from before its first attempt to its end.")
        HeldClaim claim,

        @JsonPropertyDescription("The attempts, oldest first.") @Size(max = 16)
        List<Attempt> attempts,

        @JsonPropertyDescription("Why there is no backup, or why it could not be proven.")
        Failure failure) {

    /** Of an object that nothing is known of yet. */
    public static final DatabaseBackupStatus NONE = new DatabaseBackupStatus(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
            null);

    /** The conditions; empty when there are none. */
    @Override
    public List<Condition> conditions() {
        return conditions == null ? List.of() : conditions;
    }

    /** The attempts; empty when there are none. */
    @Override
    public List<Attempt> attempts() {
        return attempts == null ? List.of() : attempts;
    }
}
