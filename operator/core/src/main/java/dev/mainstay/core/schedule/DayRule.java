package dev.mainstay.core.schedule;

/** A day that is found only when the month is known. */
sealed interface DayRule {

    /** No day of the month. */
    int NONE = 0;

    /** Weekdays are counted from 0, Sunday, as in the expression. */
    int SATURDAY = 6;

    /**
     * The day of the month.
     *
     * @param length number of days of the month
     * @param firstWeekday weekday of its first day, 0 for Sunday
     * @return the day, or {@link #NONE} when the month has no such day
     */
    int day(int length, int firstWeekday);

    /** {@code L}, or {@code L-3}: so many days before the last one. */
    record LastDay(int before) implements DayRule {
        @Override
        public int day(int length, int firstWeekday) {
            return Math.max(NONE, length - before);
        }
    }

    /** {@code LW}: the last day from Monday to Friday. */
    record LastWorkday() implements DayRule {
        @Override
        public int day(int length, int firstWeekday) {
            return switch (weekday(length, firstWeekday)) {
                case SATURDAY -> length - 1;
                case 0 -> length - 2;
                default -> length;
            };
        }
    }

    /** {@code 15W}: the day from Monday to Friday that is nearest to a day, within its month. */
    record NearestWorkday(int nearestTo) implements DayRule {
        @Override
        public int day(int length, int firstWeekday) {
            if (nearestTo > length) {
                return NONE;
            }
            return switch (weekday(nearestTo, firstWeekday)) {
                case SATURDAY -> nearestTo == 1 ? 3 : nearestTo - 1;
                case 0 -> nearestTo == length ? nearestTo - 2 : nearestTo + 1;
                default -> nearestTo;
            };
        }
    }

    /** {@code MON#1}: a weekday's first, second … fifth time in the month. */
    record NthWeekday(int weekday, int nth) implements DayRule {
        @Override
        public int day(int length, int firstWeekday) {
            int day = firstDay(weekday, firstWeekday) + 7 * (nth - 1);
            return day > length ? NONE : day;
        }
    }

    /** {@code FRIL}: a weekday's last time in the month. */
    record LastOfWeekday(int weekday) implements DayRule {
        @Override
        public int day(int length, int firstWeekday) {
            int first = firstDay(weekday, firstWeekday);
            return first + (length - first) / 7 * 7;
        }
    }

    /** First day of the month that is such a weekday. */
    static int firstDay(int weekday, int firstWeekday) {
        return Math.floorMod(weekday - firstWeekday, 7) + 1;
    }

    private static int weekday(int day, int firstWeekday) {
        return (firstWeekday + day - 1) % 7;
    }
}
