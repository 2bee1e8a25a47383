package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.schedule.NextRun;
import dev.mainstay.api.schedule.Scheduled;
import dev.mainstay.api.schedule.SkippedRuns;
import dev.mainstay.api.schedule.SkippedSlot;
import dev.mainstay.api.status.Condition;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;

/** What the policy's backups came to. */
public record BackupPolicyStatus(
        @JsonPropertyDescription("Generation of the object that this status was decided for.")
        Long observedGeneration,

        @JsonPropertyDescription("Conditions Ready, Reconciling, Stalled, PreflightPassed, StorageReachable, "
                + "BackupFresh, SizeUsual, RetentionApplied and RestoreTested.")
        @Size(max = 16)
        List<Condition> conditions,

        @JsonPropertyDescription("The newest backup that succeeded.")
        BackupSummary lastSuccess,

        @JsonPropertyDescription("The newest backup that failed.")
        BackupFailureSummary lastFailure,

        @JsonPropertyDescription("The newest slot at which no backup was made.")
        SkippedSlot lastSkipped,

        @JsonPropertyDescription("Backups that failed since the last one that succeeded.")
        Integer consecutiveFailures,

        @JsonPropertyDescription(
                "The policy's backups in the bucket, as the last retention found and left them; absent "
                        + "without retention.")
        StoredSummary stored,

        @JsonPropertyDescription("What the newest preflight found: it looks whether backups would succeed.")
        PreflightStatus preflight,

        @JsonPropertyDescription(
                "What was found in the bucket when it was looked through for backups without an object: when "
                        + "the policy was new, and at each new value of the annotation mainstay.dev/attach.")
        AttachedBackups attached,

        @JsonPropertyDescription("Value of the annotation mainstay.dev/run-now that was handled last.") @Size(max = 253)
        String lastRunNow,

        @JsonPropertyDescription("What the slots are counted by; absent without a schedule that can be followed.")
        Scheduled scheduled,

        @JsonPropertyDescription("The last slot that was handled. No slot up to this one is run again.")
        Instant lastSlot,

        @JsonPropertyDescription("The next three slots.") @Size(max = 3)
        List<NextRun> nextRuns,

        @JsonPropertyDescription("Slots that were missed since the policy was made, because nothing ran the schedule.")
        Long missedRuns,

        @JsonPropertyDescription("Slots that were skipped on purpose since the policy was made, by reason.")
        @Size(max = 8)
        List<SkippedRuns> skippedRuns,

        @JsonPropertyDescription("What in the schedule may not be meant as it is written.") @Size(max = 8)
        List<String> warnings,

        @JsonPropertyDescription("The newest restore test that has ended.")
        LastRestoreTest lastRestoreTest,

        @JsonPropertyDescription("Where the restore tests stand; absent without spec.verification.restoreTest.")
        RestoreTestStatus restoreTest) {

    /** The conditions; empty when there are none. */
    @Override
    public List<Condition> conditions() {
        return conditions == null ? List.of() : conditions;
    }

    /** How many slots were skipped for which reason; empty when none were. */
    @Override
    public List<SkippedRuns> skippedRuns() {
        return skippedRuns == null ? List.of() : skippedRuns;
    }
}
