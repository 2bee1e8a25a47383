package dev.mainstay.core.schedule;

import dev.mainstay.api.schedule.MissedRunPolicy;
import dev.mainstay.core.schedule.SlotDecision.Outcome;
import java.time.Duration;
import java.time.Instant;

/**
 * Which slot runs now, and how many were missed. Of several that fell due, the latest may run and the others are missed,
 * however many they are. A slot up to the last one never runs again, whatever becomes of the clock (kubernetes pull
 * request 97098).
 */
public final class SlotDecider {

    /** What is looked at so soon after its time is not late: a new leader needs some seconds. */
    static final Duration PUNCTUAL = Duration.ofMinutes(1);

    /** A timer is set to this long before a slot at first, and to the slot then. */
    static final Duration NEAR = Duration.ofMinutes(1);

    /** A timer never gets less, which it might refuse (kubernetes pull request 121327). */
    static final Duration SHORTEST_WAIT = Duration.ofMillis(1);

    private SlotDecider() {}

    /** Decides. */
    public static SlotDecision decide(SlotObservation observation, Instant now) {
        Schedule schedule = observation.schedule();
        Instant last = observation.lastSlot();
        Instant handled = later(last, observation.anchor());
        // With jitter everything happens later by the same time, so the slots are those of an earlier now.
        Instant slotTime = now.minus(observation.jitter());
        Slot next = schedule.next(later(handled, slotTime));
        Instant wakeUp = wakeUp(next.instant().plus(observation.jitter()), now);
        boolean clockBehind = last != null && schedule.next(slotTime).instant().isBefore(last);
        long due = schedule.count(handled, slotTime);
        if (due == 0) {
            return new SlotDecision(Outcome.NOTHING_DUE, null, 0, last, next, wakeUp, clockBehind);
        }
        Slot slot = schedule.previous(slotTime.plusNanos(1));
        Outcome outcome = outcome(
                Duration.between(slot.instant(), slotTime),
                observation.startingDeadline(),
                observation.missedRunPolicy());
        long missed = outcome == Outcome.RUN ? due - 1 : due;
        return new SlotDecision(outcome, slot, missed, slot.instant(), next, wakeUp, clockBehind);
    }

    /** What becomes of what comes so late. */
    public static Outcome outcome(Duration late, Duration startingDeadline, MissedRunPolicy policy) {
        if (late.compareTo(startingDeadline) > 0) {
            return Outcome.TOO_LATE;
        }
        return policy == MissedRunPolicy.SKIP && late.compareTo(PUNCTUAL) > 0 ? Outcome.NOT_CAUGHT_UP : Outcome.RUN;
    }

    private static Instant wakeUp(Instant due, Instant now) {
        Instant near = due.minus(NEAR);
        Instant wanted = now.isBefore(near) ? near : due;
        Instant soonest = now.plus(SHORTEST_WAIT);
        return wanted.isBefore(soonest) ? soonest : wanted;
    }

    private static Instant later(Instant one, Instant other) {
        return one == null || other.isAfter(one) ? other : one;
    }
}
