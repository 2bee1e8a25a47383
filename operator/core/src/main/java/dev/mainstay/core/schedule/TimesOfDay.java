package dev.mainstay.core.schedule;

import java.time.Duration;

/**
 * The times of a day at which a schedule runs, in minutes from midnight.
 *
 * @param minutes bit n is set when minute n of an hour is meant; at least one is
 * @param hours bit n is set when hour n is meant; at least one is
 */
record TimesOfDay(long minutes, int hours) {

    static final int MINUTES_OF_DAY = 24 * 60;

    /** After the last time of the day, or before the first. */
    static final int NONE = -1;

    /** The first time at or after the given one. */
    int ceiling(int minuteOfDay) {
        int hour = minuteOfDay / 60;
        long laterMinutes = minutes & -1L << minuteOfDay % 60;
        if ((hours >> hour & 1) == 1 && laterMinutes != 0) {
            return hour * 60 + Long.numberOfTrailingZeros(laterMinutes);
        }
        int laterHours = hours & -1 << hour + 1;
        return laterHours == 0
                ? NONE
                : Integer.numberOfTrailingZeros(laterHours) * 60 + Long.numberOfTrailingZeros(minutes);
    }

    /** The last time at or before the given one. */
    int floor(int minuteOfDay) {
        int hour = minuteOfDay / 60;
        long earlierMinutes = minutes & (2L << minuteOfDay % 60) - 1;
        if ((hours >> hour & 1) == 1 && earlierMinutes != 0) {
            return hour * 60 + highest(earlierMinutes);
        }
        int earlierHours = hours & (1 << hour) - 1;
        return earlierHours == 0 ? NONE : highest(earlierHours) * 60 + highest(minutes);
    }

    int first() {
        return ceiling(0);
    }

    int last() {
        return floor(MINUTES_OF_DAY - 1);
    }

    /** How many there are before the given one; 24:00 may be given. */
    int countBefore(int minuteOfDay) {
        int hour = minuteOfDay / 60;
        int whole = Integer.bitCount(hours & (1 << hour) - 1) * Long.bitCount(minutes);
        return (hours >> hour & 1) == 0 ? whole : whole + Long.bitCount(minutes & (1L << minuteOfDay % 60) - 1);
    }

    /** The distances between times that follow each other on a day; null when there is but one time. */
    Spacing spacing() {
        Spacing spacing = null;
        int time = first();
        for (int next = following(time); next != NONE; next = following(time)) {
            Duration distance = Duration.ofMinutes(next - time);
            spacing = spacing == null ? new Spacing(distance, distance) : spacing.with(distance);
            time = next;
        }
        return spacing;
    }

    private int following(int time) {
        return time == MINUTES_OF_DAY - 1 ? NONE : ceiling(time + 1);
    }

    private static int highest(long bits) {
        return 63 - Long.numberOfLeadingZeros(bits);
    }
}
