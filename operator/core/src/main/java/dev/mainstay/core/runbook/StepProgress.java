package dev.mainstay.core.runbook;

/** How far an attempt is. */
public sealed interface StepProgress {

    /** What it does is to be done now. */
    record Act() implements StepProgress {}

    /** It is waited for. */
    record Wait(String message) implements StepProgress {}

    /**
     * It has ended.
     *
     * @param left whether something of it goes on, and is to be ended
     */
    record Ended(StepResult result, boolean left) implements StepProgress {

        /** Nothing of it goes on. */
        Ended(StepResult result) {
            this(result, false);
        }
    }
}
