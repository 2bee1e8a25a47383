package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.status.Reason;
import java.util.Map;

/**
 * What an attempt of a step, or the step, came to.
 *
 * @param outcome what it came to
 * @param reason why; of the end of a run that stops here
 * @param message what was found or done, and what to do
 * @param measured what was measured, by name
 * @param decimals the same of numbers that need not be whole, as {@link Decimals} writes them
 */
public record StepResult(
        StepOutcome outcome, Reason reason, String message, Map<String, Long> measured, Map<String, String> decimals) {

    StepResult(StepOutcome outcome, Reason reason, String message) {
        this(outcome, reason, message, Map.of());
    }

    StepResult(StepOutcome outcome, Reason reason, String message, Map<String, Long> measured) {
        this(outcome, reason, message, measured, Map.of());
    }

    static StepResult passed(String message) {
        return new StepResult(StepOutcome.PASSED, Reason.SUCCEEDED, message);
    }

    static StepResult findings(String message) {
        return new StepResult(StepOutcome.FINDINGS, Reason.FINDINGS, message);
    }

    static StepResult couldNotCheck(Reason reason, String message) {
        return new StepResult(StepOutcome.COULD_NOT_CHECK, reason, message);
    }

    static StepResult failed(Reason reason, String message) {
        return new StepResult(StepOutcome.FAILED, reason, message);
    }

    static StepResult skipped(String message) {
        return new StepResult(StepOutcome.SKIPPED, Reason.SUCCEEDED, message);
    }

    /** The same, with what was measured. */
    StepResult measured(Map<String, Long> facts) {
        return new StepResult(outcome, reason, message, facts, decimals);
    }

    /** The same, with numbers that need not be whole. */
    StepResult decimals(Map<String, String> numbers) {
        return new StepResult(outcome, reason, message, measured, numbers);
    }

    /** Whether it is of no use. */
    boolean bad() {
        return RunLines.bad(outcome);
    }
}
