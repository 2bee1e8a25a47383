package dev.mainstay.core.schedule;

import dev.mainstay.core.Durations;
import java.time.Duration;
import java.time.Instant;

/**
 * Times between two edges: each begins at a slot and lasts for an elapsed duration. So it crosses midnight and a change of
 * the clocks, and belongs to the weekday that it begins on. Windows that touch or overlap are one.
 *
 * @param starts when it opens
 * @param duration how long it stays open, by a clock that nobody changes
 */
public record Window(Schedule starts, Duration duration) {

    private static final String FIELD = "duration";

    /** How many windows are joined into one at most, which bounds the search; a longer chain is told piece by piece. */
    private static final int LONGEST_CHAIN = 2_000;

    /**
     * A window at an instant.
     *
     * @param open whether it is open
     * @param opens when it opened, or opens next
     * @param closes when it closes after that; at this instant it is closed
     */
    public record State(boolean open, Slot opens, Slot closes) {}

    /** A window that closes again, or why it would not. */
    public static Parsed<Window> of(Schedule starts, Duration duration) {
        if (!duration.isPositive()) {
            return Parsed.refused(FIELD, "0s opens no window: write how long it stays open, such as 4h.");
        }
        Duration period = starts.cron().spacing().longest();
        return duration.compareTo(period) < 0
                ? new Parsed.Accepted<>(new Window(starts, duration))
                : Parsed.refused(
                        FIELD,
                        Durations.format(duration) + " is not shorter than the longest time between two starts, "
                                + Durations.format(period)
                                + ", so the window would never close: shorten it, or leave windows out, which is always"
                                + " open.");
    }

    /** How it is at an instant, and its edges. */
    public State at(Instant at) {
        Slot start = starts.previous(at.plusNanos(1));
        boolean open = at.isBefore(start.instant().plus(duration));
        Slot opens = open ? firstOfChain(start) : starts.next(at);
        Instant closes = endOfChain(open ? start : opens);
        return new State(open, opens, new Slot(closes.atZone(starts.zone()).toOffsetDateTime(), ""));
    }

    private Slot firstOfChain(Slot start) {
        Slot first = start;
        for (int i = 0; i < LONGEST_CHAIN; i++) {
            Slot earlier = starts.next(first.instant().minus(duration).minusNanos(1));
            if (!earlier.instant().isBefore(first.instant())) {
                break;
            }
            first = earlier;
        }
        return first;
    }

    private Instant endOfChain(Slot start) {
        Instant last = start.instant();
        for (int i = 0; i < LONGEST_CHAIN; i++) {
            Instant later = starts.previous(last.plus(duration).plusNanos(1)).instant();
            if (!later.isAfter(last)) {
                break;
            }
            last = later;
        }
        return last.plus(duration);
    }
}
