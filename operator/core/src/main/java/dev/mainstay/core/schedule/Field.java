package dev.mainstay.core.schedule;

import java.util.List;
import java.util.regex.Pattern;

/** The five fields of a cron expression, in their order. */
enum Field {
    MINUTE("minute", 0, 59, List.of(), "0 to 59"),
    HOUR("hour", 0, 23, List.of(), "0 to 23"),
    DAY_OF_MONTH("day of month", 1, 31, List.of(), "1 to 31, L, LW, 15W or L-3"),
    MONTH(
            "month",
            1,
            12,
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
            "1 to 12, or JAN to DEC"),
    DAY_OF_WEEK(
            "day of week",
            0,
            6,
            List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"),
            "0 to 7 (0 and 7 are Sunday), SUN to SAT, MON#1 or FRIL");

    private static final int NONE = -1;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");

    private final String text;
    private final int first;
    private final int last;
    private final List<String> names;
    private final String allowed;

    Field(String text, int first, int last, List<String> names, String allowed) {
        this.text = text;
        this.first = first;
        this.last = last;
        this.names = names;
        this.allowed = allowed;
    }

    /** The field's name for people. */
    String text() {
        return text;
    }

    int first() {
        return first;
    }

    int last() {
        return last;
    }

    int size() {
        return last - first + 1;
    }

    /** What can be written, for people. */
    String allowed() {
        return allowed;
    }

    /** The value of a number or a name in capital letters, 7 for a Sunday written so; -1 when it is none of the field's. */
    int value(String word) {
        int named = names.indexOf(word);
        if (named >= 0) {
            return first + named;
        }
        if (!NUMBER.matcher(word).matches()) {
            return NONE;
        }
        int number = Integer.parseInt(word);
        int greatest = this == DAY_OF_WEEK ? 7 : last;
        return number < first || number > greatest ? NONE : number;
    }
}
