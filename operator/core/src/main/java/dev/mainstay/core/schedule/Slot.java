package dev.mainstay.core.schedule;

import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * One time at which a schedule runs. Its identity is the instant, so the two 02:00 of a night in autumn stay apart.
 *
 * @param at when, as the clocks of the zone show it
 * @param shift what a change of the clocks did to it, such as {@code moved from 02:00: DST gap}; empty when nothing
 */
public record Slot(OffsetDateTime at, String shift) {

    /** When. */
    public Instant instant() {
        return at.toInstant();
    }
}
