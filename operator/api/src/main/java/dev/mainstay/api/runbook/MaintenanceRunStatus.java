package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.Failure;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;

/** What the run did and came to. */
public record MaintenanceRunStatus(
        @JsonPropertyDescription("Generation of the object that this status was decided for.")
        Long observedGeneration,

        @JsonPropertyDescription("Conditions Ready, Reconciling, Stalled, Finished and Succeeded.") @Size(max = 16)
        List<Condition> conditions,

        @JsonPropertyDescription("Where it is: Pending, Running or Finished.")
        RunPhase phase,

        @JsonPropertyDescription(
                "What it came to: the worst of its steps, Cancelled or Refused; absent until it is finished.")
        RunOutcome outcome,

        @JsonPropertyDescription("The step that is being done, for people.") @Size(max = 63)
        String step,

        @JsonPropertyDescription("The Runbook as it stood when the run began.")
        FrozenRunbook runbook,

        @JsonPropertyDescription("The steps, in their order; those of finally are the last.") @Size(max = 64)
        List<RunStep> steps,

        @JsonPropertyDescription("Why the steps that were left are not done.")
        Failure failure,

        @JsonPropertyDescription("What it was granted of the application; absent while it needs nothing of it.")
        HeldClaim claim,

        @JsonPropertyDescription(
                "The command that gives back by hand what the steps have changed, for when Mainstay does not run; "
                        + "absent while nothing is changed.")
        @Size(max = 4096)
        String undoCommand,

        @JsonPropertyDescription(
                "What it came to in short, and where the whole report is; absent until it is finished.")
        RunReport report,

        @JsonPropertyDescription("When it began.") Instant startedAt,

        @JsonPropertyDescription("When it was finished.") Instant completedAt,

        @JsonPropertyDescription("From startedAt to completedAt, for people.") @Size(max = 32)
        String duration) {

    /** Of an object that nothing is known of yet. */
    public static final MaintenanceRunStatus NONE = new MaintenanceRunStatus(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    /** The same with another report. */
    public MaintenanceRunStatus withReport(RunReport told) {
        return new MaintenanceRunStatus(
                observedGeneration,
                conditions,
                phase,
                outcome,
                step,
                runbook,
                steps,
                failure,
                claim,
                undoCommand,
                told,
                startedAt,
                completedAt,
                duration);
    }

    /** The conditions; empty when there are none. */
    @Override
    public List<Condition> conditions() {
        return conditions == null ? List.of() : conditions;
    }

    /** Where it is; pending when nothing is known. */
    @Override
    public RunPhase phase() {
        return phase == null ? RunPhase.PENDING : phase;
    }

    /** The steps; empty before it begins. */
    @Override
    public List<RunStep> steps() {
        return steps == null ? List.of() : steps;
    }
}
