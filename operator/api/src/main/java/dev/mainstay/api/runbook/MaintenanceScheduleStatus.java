package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.schedule.LastRollout;
import dev.mainstay.api.schedule.NextRun;
import dev.mainstay.api.schedule.Scheduled;
import dev.mainstay.api.schedule.SkippedRuns;
import dev.mainstay.api.schedule.SkippedSlot;
import dev.mainstay.api.schedule.Triggered;
import dev.mainstay.api.schedule.WaitingSlot;
import dev.mainstay.api.status.Condition;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;

/** What the schedule's runs came to. */
public record MaintenanceScheduleStatus(
        @JsonPropertyDescription("Generation of the object that this status was decided for.")
        Long observedGeneration,

        @JsonPropertyDescription("Conditions Ready, Stalled and, with spec.mustRunBefore, WindowsKept.") @Size(max = 16)
        List<Condition> conditions,

        @JsonPropertyDescription("Name of the MaintenanceRun that is not finished; the first when there are several.")
        @Size(max = 253)
        String active,

        @JsonPropertyDescription("The slot or rollout that has come and waits for its start.")
        WaitingSlot waiting,

        @JsonPropertyDescription("The newest run that came to Passed or Findings.")
        ScheduledRun lastSuccess,

        @JsonPropertyDescription("The newest run that came to Failed, CouldNotCheck or Refused.")
        ScheduledRun lastFailure,

        @JsonPropertyDescription("The newest slot or rollout for which nothing was run.")
        SkippedSlot lastSkipped,

        @JsonPropertyDescription("Runs that failed since the last one that succeeded.")
        Integer consecutiveFailures,

        @JsonPropertyDescription("Value of the annotation mainstay.dev/run-now that was handled last.") @Size(max = 253)
        String lastRunNow,

        @JsonPropertyDescription("What the slots are counted by; absent without a schedule that can be followed.")
        Scheduled scheduled,

        @JsonPropertyDescription("The last slot that was taken up. No slot up to this one is run again.")
        Instant lastSlot,

        @JsonPropertyDescription("What the rollouts are counted by; absent without a trigger.")
        Triggered triggered,

        @JsonPropertyDescription("The last rollout that was taken up. No rollout up to this one has another run.")
        LastRollout lastRollout,

        @JsonPropertyDescription(
                "When the next run starts, as the clocks of the zone show it; in its place the reason while no slot would have one.")
        @Size(max = 64)
        String next,

        @JsonPropertyDescription(
                "The next three starts, and what windows and freezes make of them; while none is to come, the "
                        + "next three slots and why they are skipped.")
        @Size(max = 3)
        List<NextRun> nextRuns,

        @JsonPropertyDescription(
                "Slots and rollouts that were missed since the schedule was made, because nothing ran it.")
        Long missedRuns,

        @JsonPropertyDescription("Slots and rollouts that were skipped since the schedule was made, by reason.")
        @Size(max = 16)
        List<SkippedRuns> skippedRuns,

        @JsonPropertyDescription("What in the spec may not be meant as it is written.") @Size(max = 16)
        List<String> warnings) {

    /** Of an object that nothing is known of yet. */
    public static final MaintenanceScheduleStatus NONE = new MaintenanceScheduleStatus(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

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
