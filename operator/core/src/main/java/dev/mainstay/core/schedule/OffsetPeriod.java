package dev.mainstay.core.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * A time in which nobody changes the clocks of a zone.
 *
 * @param rules rules of the zone
 * @param offset the offset in this time
 * @param start the change that it begins with; null when there was none before
 * @param end the change that it ends with; null when none is known
 */
record OffsetPeriod(ZoneRules rules, ZoneOffset offset, ZoneOffsetTransition start, ZoneOffsetTransition end) {

    /** The period that an instant is in. */
    static OffsetPeriod at(ZoneRules rules, Instant instant) {
        return new OffsetPeriod(
                rules,
                rules.getOffset(instant),
                rules.previousTransition(instant.plusNanos(1)),
                rules.nextTransition(instant));
    }

    /** The period after this one; there is one when this one has an end. */
    OffsetPeriod following() {
        return at(rules, end.getInstant());
    }

    /** The period before this one; there is one when this one has a start. */
    OffsetPeriod preceding() {
        return at(rules, start.getInstant().minusNanos(1));
    }

    /** What the clocks show at an instant of this period. */
    LocalDateTime local(Instant instant) {
        return LocalDateTime.ofEpochSecond(instant.getEpochSecond(), instant.getNano(), offset);
    }
}
