package dev.mainstay.api.restore;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.Failure;
import dev.mainstay.api.workload.StoppedWorkload;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the restore did and came to. */
public record RestoreRequestStatus(
        @JsonPropertyDescription("Generation of the object that this status was decided for.")
        Long observedGeneration,

        @JsonPropertyDescription("Conditions Ready, Reconciling, Stalled, Finished, Succeeded and PreviousKept.")
        @Size(max = 16)
        List<Condition> conditions,

        @JsonPropertyDescription("Where it is: Pending, Running, GivingBack or Finished.")
        RestorePhase phase,

        @JsonPropertyDescription("What it came to; absent until it is finished.")
        RestoreOutcome outcome,

        @JsonPropertyDescription("The step that is being done, for people.")
        RestoreStepName step,

        @JsonPropertyDescription("The steps, in their order.") @Size(max = 16)
        List<RestoreStep> steps,

        @JsonPropertyDescription("What is done, and what it costs.")
        RestorePlan plan,

        @JsonPropertyDescription("The task that is waited for, or was last.")
        RestoreTaskState task,

        @JsonPropertyDescription("The copy that was restored and verified.")
        RestoredDatabase restored,

        @JsonPropertyDescription("The workloads and CronJobs that were stopped, and what they had before.")
        @Size(max = 64)
        List<StoppedWorkload> workloads,

        @JsonPropertyDescription("The database that was replaced, and is kept; absent once it is put back or gone.")
        PreviousDatabase previous,

        @JsonPropertyDescription("How long the database took no connections while the copy took its place.")
        @Size(max = 32)
        String closedFor,

        @JsonPropertyDescription("Why it failed or was cancelled.")
        Failure failure,

        @JsonPropertyDescription("What it was granted of its application.")
        HeldClaim claim,

        @JsonPropertyDescription("When it began.") Instant startedAt,

        @JsonPropertyDescription("When it was finished.") Instant completedAt,

        @JsonPropertyDescription("From startedAt to completedAt, for people.") @Size(max = 32)
        String duration,

        @JsonPropertyDescription("The command that undoes it.") @Size(max = 2048)
        String undoCommand) {

    /** Of an object that nothing is known of yet. */
    public static final RestoreRequestStatus NONE = new RestoreRequestStatus(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    /** The conditions; empty when there are none. */
    @Override
    public List<Condition> conditions() {
        return conditions == null ? List.of() : conditions;
    }

    /** Where it is; pending when nothing is known. */
    @Override
    public RestorePhase phase() {
        return phase == null ? RestorePhase.PENDING : phase;
    }

    /** The steps; empty before it begins. */
    @Override
    public List<RestoreStep> steps() {
        return steps == null ? List.of() : steps;
    }

    /** The workloads; empty when none were stopped. */
    @Override
    public List<StoppedWorkload> workloads() {
        return workloads == null ? List.of() : workloads;
    }

    /** A step by its name; empty before it begins. */
    public Optional<RestoreStep> step(RestoreStepName name) {
        return steps().stream().filter(step -> step.name() == name).findFirst();
    }

    /** The database that was replaced; null when none is kept. One without a name is none: somebody else has written the rest. */
    @Override
    public PreviousDatabase previous() {
        return previous == null || previous.database() == null ? null : previous;
    }
}
