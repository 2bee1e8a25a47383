package dev.mainstay.core.alert;

import dev.mainstay.core.status.Reason;
import java.time.Instant;

/** How far a message is that was handed over to be sent. */
public sealed interface Delivery {

    /** It waits for its turn, or is being sent for the first time. */
    record Waiting() implements Delivery {}

    /**
     * The channel has taken it.
     *
     * @param at when
     */
    record Taken(Instant at) implements Delivery {}

    /**
     * It was not taken, and is sent again.
     *
     * @param since when it was not taken for the first time
     * @param reason why, as one word
     * @param message what was answered, and what to do
     * @param unanswered whether one of the attempts may have reached the receiver: it was sent, and no answer came back
     */
    record Failing(Instant since, Reason reason, String message, boolean unanswered) implements Delivery {

        /** One that the receiver has not taken for certain. */
        public Failing(Instant since, Reason reason, String message) {
            this(since, reason, message, false);
        }
    }

    /**
     * It was refused in a way that another attempt does not mend; a new message may be taken once the cause is mended.
     *
     * @param at when
     * @param reason why, as one word
     * @param message what was answered, and what to do
     */
    record Refused(Instant at, Reason reason, String message) implements Delivery {}
}
