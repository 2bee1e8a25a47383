package dev.mainstay.core.schedule;

import java.time.Instant;

/**
 * What is to be done about the slots of an object now. Last slot and count go into the status after the object of the slot
 * was made: until then the same decision comes again, and that object's name is the lock.
 *
 * @param outcome what becomes of the slot
 * @param slot the latest slot that fell due since the last one; null when none did
 * @param missed how many slots were missed since the last one; the one that runs is none of them
 * @param lastSlot the last slot that is handled with this decision; null when none ever was
 * @param next the next slot
 * @param wakeUp when to decide again: at least a millisecond away, and at least once in the minute before the next slot,
 *     since a timer may count on another clock than the one that names slots
 * @param clockBehind whether the last slot lies further ahead than the next one, so that the clock must have been put back
 *     and slots pass without a run until it has caught up
 */
public record SlotDecision(
        Outcome outcome, Slot slot, long missed, Instant lastSlot, Slot next, Instant wakeUp, boolean clockBehind) {

    /** What becomes of the latest slot. */
    public enum Outcome {
        /** No slot fell due. */
        NOTHING_DUE,
        /** It runs now. */
        RUN,
        /** It was missed: it is later than its starting deadline allows. */
        TOO_LATE,
        /** It was missed, and the policy is not to run late. */
        NOT_CAUGHT_UP
    }
}
