package dev.mainstay.core.certificate;

import dev.mainstay.api.runbook.StepOutcome;

/**
 * Something to be told of certificates.
 *
 * @param level how grave it is
 * @param text what was found, and what to do
 */
record Remark(Level level, String text) {

    /** How grave something is, the worst first. */
    enum Level {
        FAILED(StepOutcome.FAILED),
        COULD_NOT_CHECK(StepOutcome.COULD_NOT_CHECK),
        FINDING(StepOutcome.FINDINGS);

        private final StepOutcome outcome;

        Level(StepOutcome outcome) {
            this.outcome = outcome;
        }

        /** What a step with nothing worse comes to. */
        StepOutcome outcome() {
            return outcome;
        }
    }
}
