package dev.mainstay.core.runbook;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;

/**
 * In what a step differs from the one of that name in the run before.
 *
 * @param step name of the step
 * @param kind in what
 * @param measured the name of what was measured; null when it is something else
 * @param from what the step came to before, or the number that was measured; null when there was none
 * @param to the same of this run
 * @param by how much more it is; null where there are no two numbers
 */
record RunDifference(String step, Kind kind, String measured, Object from, Object to, BigDecimal by) {

    /** In what; the most important first. */
    enum Kind {
        /** It came to something else. */
        @JsonProperty("Result")
        RESULT,
        /** It came to Findings, and to that in no earlier run that is kept. */
        @JsonProperty("FirstFindings")
        FIRST_FINDINGS,
        /** The run before has no such step. */
        @JsonProperty("NewStep")
        NEW_STEP,
        /** The run has no such step any more. */
        @JsonProperty("StepGone")
        STEP_GONE,
        /** A number is another one, is new, or is not measured any more. */
        @JsonProperty("Measured")
        MEASURED
    }

    static RunDifference measured(String step, String name, BigDecimal from, BigDecimal to) {
        return new RunDifference(
                step, Kind.MEASURED, name, from, to, from == null || to == null ? null : to.subtract(from));
    }

    /** For people. */
    String text() {
        return step + ": "
                + switch (kind) {
                    case RESULT -> from + " → " + to;
                    case FIRST_FINDINGS -> "Findings for the first time in the runs that are kept";
                    case NEW_STEP -> "a new step, " + to;
                    case STEP_GONE -> "no such step any more, it was " + from;
                    case MEASURED -> measured + " " + numbers();
                };
    }

    private String numbers() {
        if (from == null) {
            return told(to) + ", not measured before";
        }
        if (to == null) {
            return "not measured any more, it was " + told(from);
        }
        return told(from) + " → " + told(to) + " (" + (by.signum() > 0 ? "+" : "") + Decimals.text(by) + ")";
    }

    private static String told(Object number) {
        return Decimals.text((BigDecimal) number);
    }
}
