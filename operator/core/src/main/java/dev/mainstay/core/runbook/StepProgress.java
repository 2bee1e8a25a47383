package dev.mainstay.core.runbook;

/** How far an attempt is. */
public sealed interface StepProgress {

    /** What it does is to be done now. */
    record Act() implements StepProgress {}

    /** It is waited for. */
    record Wait(String message) implements StepProgress {}

    /** It has ended. */
    record Ended(StepResult result) implements StepProgress {}
}
