package dev.mainstay.core.schedule;

import java.util.List;

/**
 * One field of a cron expression.
 *
 * @param field which
 * @param items what its commas separate
 */
record CronField(Field field, List<Item> items) {

    /** One item of a field's list. */
    sealed interface Item {
        /** As it was written, in capital letters. */
        String text();
    }

    /**
     * A value, a range or a star, with or without a step.
     *
     * @param first the first value
     * @param last the last one; when it is less than the first, the range goes on at the field's beginning
     * @param step 1 takes every value
     */
    record Values(String text, int first, int last, int step) implements Item {

        boolean star() {
            return text.startsWith("*");
        }

        boolean single() {
            return first == last;
        }
    }

    /** A day that depends on the month. */
    record Day(String text, DayRule rule) implements Item {}

    /**
     * Whether there is a star, with or without a step. In minute or hour it makes the schedule one of intervals, which
     * follow real time over a change of the clocks, as in cronie.
     */
    boolean hasStar() {
        return items.stream().anyMatch(item -> item instanceof Values values && values.star());
    }

    /** Whether every value is meant: a star, or a star with a step of 1. */
    boolean unrestricted() {
        return items.stream().anyMatch(item -> item instanceof Values values && values.star() && values.step() == 1);
    }

    /** Bit n is set when value n is meant; days that depend on the month aside. */
    long values() {
        long bits = 0;
        for (Item item : items) {
            if (item instanceof Values values) {
                bits |= bits(values);
            }
        }
        return bits;
    }

    List<DayRule> rules() {
        return items.stream()
                .filter(Day.class::isInstance)
                .map(item -> ((Day) item).rule())
                .toList();
    }

    private long bits(Values values) {
        int size = field.size();
        int span = values.last() - values.first();
        if (span < 0) {
            span += size;
        }
        long bits = 0;
        for (int offset = 0; offset <= span; offset += values.step()) {
            bits |= 1L << field.first() + (values.first() - field.first() + offset) % size;
        }
        return bits;
    }
}
