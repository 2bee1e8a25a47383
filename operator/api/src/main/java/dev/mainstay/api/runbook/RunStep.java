package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** One step of a run. */
public record RunStep(
        @JsonPropertyDescription("Name of the step.") @Size(max = 63)
        String name,

        @JsonPropertyDescription("What it does, such as backup.") @Size(max = 32)
        String type,

        @JsonPropertyDescription(
                "What it came to: Passed, Findings, CouldNotCheck, Failed or Skipped; absent until then.")
        StepOutcome outcome,

        @JsonPropertyDescription("When its turn came.") Instant startedAt,

        @JsonPropertyDescription("When it ended.") Instant finishedAt,

        @JsonPropertyDescription("How often it was tried.") Integer attempts,

        @JsonPropertyDescription("When the newest attempt began.")
        Instant attemptedAt,

        @JsonPropertyDescription("When it is tried again.") Instant retryAt,

        @JsonPropertyDescription("Since when a person is waited for.")
        Instant askedAt,

        @JsonPropertyDescription("Who approved it, or said that it is done.") @Size(max = 256)
        String approvedBy,

        @JsonPropertyDescription("What was found or done.") @Size(max = 1024)
        String message) {

    /** A step whose turn has not come. */
    public static RunStep waiting(String name, String type) {
        return new RunStep(name, type, null, null, null, null, null, null, null, null, null);
    }

    /** The same step, of which something else is told. */
    public RunStep withMessage(String told) {
        return new RunStep(
                name,
                type,
                outcome,
                startedAt,
                finishedAt,
                attempts(),
                attemptedAt,
                retryAt,
                askedAt,
                approvedBy,
                told);
    }

    /** How often it was tried; never when nothing is said. */
    @Override
    public Integer attempts() {
        return attempts == null ? Integer.valueOf(0) : attempts;
    }

    /** Whether it is over. */
    public boolean ended() {
        return outcome != null;
    }

    /** Whether an attempt is under way. */
    public boolean tried() {
        return !ended() && attempts() > 0 && retryAt == null;
    }
}
