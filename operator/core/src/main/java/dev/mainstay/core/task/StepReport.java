package dev.mainstay.core.task;

import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.Texts;
import dev.mainstay.core.status.Reason;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a step came to that was done in a Job. It has to fit into a termination message: a message of at most
 * {@link #LONGEST} characters, of which less is left where they take long to spell, and at most {@link #MOST_FACTS} facts.
 *
 * @param outcome what it came to
 * @param reason word of {@link Reason}; null where the outcome says enough
 * @param message what was found or done, and what to do
 * @param facts what was measured, such as {@code connections}, by names of at most {@link #LONGEST_FACT} characters
 */
public record StepReport(StepOutcome outcome, String reason, String message, Map<String, Long> facts) {

    /** Most characters of the message. */
    public static final int LONGEST = 1024;

    /** Most facts. */
    public static final int MOST_FACTS = 32;

    /** Most characters of a fact's name. */
    public static final int LONGEST_FACT = 40;

    private static final String CUT = " … (cut)";

    /** A report, bounded: the facts that come last are left out. */
    public StepReport {
        message = message == null ? "" : Texts.cut(message, LONGEST, CUT);
        Map<String, Long> bounded = new LinkedHashMap<>();
        if (facts != null) {
            facts.entrySet().stream()
                    .filter(fact -> fact.getKey().length() <= LONGEST_FACT && fact.getValue() != null)
                    .limit(MOST_FACTS)
                    .forEach(fact -> bounded.put(fact.getKey(), fact.getValue()));
        }
        facts = bounded;
    }

    /** It did what it should. */
    public static StepReport passed(String message, Map<String, Long> facts) {
        return new StepReport(StepOutcome.PASSED, null, message, facts);
    }

    /** The same, and there is something that somebody should look at. */
    public static StepReport findings(String message, Map<String, Long> facts) {
        return new StepReport(StepOutcome.FINDINGS, null, message, facts);
    }

    /** It could not find out what it was to find out; what it did find out is told all the same. */
    public static StepReport couldNotCheck(Reason reason, String message, Map<String, Long> facts) {
        return new StepReport(StepOutcome.COULD_NOT_CHECK, reason.text(), message, facts);
    }

    /** It failed. */
    public static StepReport failed(Reason reason, String message, Map<String, Long> facts) {
        return new StepReport(StepOutcome.FAILED, reason.text(), message, facts);
    }

    /** There was nothing to be done. */
    public static StepReport skipped(String message) {
        return new StepReport(StepOutcome.SKIPPED, null, message, Map.of());
    }

    /** The same with a message of at most so many characters. */
    public StepReport cut(int length) {
        return new StepReport(outcome, reason, Texts.cut(message, length, CUT), facts);
    }
}
