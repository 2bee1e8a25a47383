package dev.mainstay.core.alert;

import dev.mainstay.core.status.Reason;
import java.time.Duration;

/** What came of one attempt to tell a receiver. What it says holds no secret. */
public sealed interface SendOutcome {

    /** The receiver has taken it. */
    record Taken() implements SendOutcome {}

    /**
     * It is worth another attempt.
     *
     * @param reason why, as one word
     * @param message what was found and what to do
     * @param after how long the receiver wants to be left alone; null when it says nothing
     * @param unanswered whether the request may have reached it: it was sent, and no answer of the receiver's own came back
     */
    record Later(Reason reason, String message, Duration after, boolean unanswered) implements SendOutcome {

        /** One that the receiver has not taken for certain. */
        public Later(Reason reason, String message, Duration after) {
            this(reason, message, after, false);
        }

        /** Whether the receiver has refused the whole request because there were too many: another one may hold more. */
        public boolean tooMany() {
            return reason == Reason.RATE_LIMITED;
        }
    }

    /**
     * Another attempt would end the same way.
     *
     * @param reason why, as one word
     * @param message what was found and what to do
     */
    record Refused(Reason reason, String message) implements SendOutcome {}
}
