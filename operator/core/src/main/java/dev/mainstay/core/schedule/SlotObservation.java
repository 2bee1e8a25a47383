package dev.mainstay.core.schedule;

import dev.mainstay.api.schedule.MissedRunPolicy;
import java.time.Duration;
import java.time.Instant;

/**
 * All that is known when the slots of an object are decided on.
 *
 * @param schedule when it runs
 * @param lastSlot the last slot that was handled; null when none was
 * @param anchor the latest of its creation, the last edit of its schedule or zone, and its last resume: no slot up to this
 *     instant is due or missed (kubernetes issue 63371)
 * @param jitter how much later than its slots it runs, see {@link Jitter}
 * @param startingDeadline how late a slot may start
 * @param missedRunPolicy what becomes of a slot that is late
 */
public record SlotObservation(
        Schedule schedule,
        Instant lastSlot,
        Instant anchor,
        Duration jitter,
        Duration startingDeadline,
        MissedRunPolicy missedRunPolicy) {}
