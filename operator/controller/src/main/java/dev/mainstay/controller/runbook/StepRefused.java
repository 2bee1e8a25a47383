package dev.mainstay.controller.runbook;

import dev.mainstay.core.status.Reason;

/** What an attempt makes is not taken, until a person mends what the message tells; it is tried again meanwhile. */
final class StepRefused extends RuntimeException {

    private final Reason reason;

    StepRefused(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
