package dev.mainstay.core.alert;

import dev.mainstay.core.status.Reason;
import java.time.Instant;

/**
 * What keeps something from being done about an alert.
 *
 * @param reason what it is, as one word
 * @param message the same in a sentence or two, with what to do; it does not change while the same keeps it
 * @param again when to look again at the latest; null when that is the usual time
 */
record RemediationBlock(Reason reason, String message, Instant again) {

    RemediationBlock(Reason reason, String message) {
        this(reason, message, null);
    }
}
