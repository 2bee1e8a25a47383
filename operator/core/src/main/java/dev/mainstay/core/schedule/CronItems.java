package dev.mainstay.core.schedule;

import static dev.mainstay.core.schedule.Parsed.quoted;

import dev.mainstay.core.schedule.CronField.Day;
import dev.mainstay.core.schedule.CronField.Item;
import dev.mainstay.core.schedule.CronField.Values;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what the commas of a field separate: a value, a range, a step, or a day that depends on the month. */
final class CronItems {

    private static final Pattern VALUES = Pattern.compile("(?:(\\*)|(\\w+)(?:-(\\w+))?)(?:/(\\d+))?");
    private static final Pattern LAST_DAY = Pattern.compile("L(?:-(\\d{1,2}))?");
    private static final Pattern NEAREST_WORKDAY = Pattern.compile("(\\d{1,2})W");
    private static final Pattern NTH_WEEKDAY = Pattern.compile("(\\w+)#(\\w+)");
    private static final Pattern LAST_OF_WEEKDAY = Pattern.compile("([A-Z]{3}|\\d)L");

    private CronItems() {}

    /** Reads one item, in capital letters. */
    static Parsed<Item> parse(Field field, String text) {
        Parsed<Item> day =
                switch (field) {
                    case DAY_OF_MONTH -> dayOfMonth(text);
                    case DAY_OF_WEEK -> dayOfWeek(text);
                    case MINUTE, HOUR, MONTH -> null;
                };
        if (day != null) {
            return day;
        }
        Matcher form = VALUES.matcher(text);
        return form.matches() ? values(field, text, form) : refused(field, unreadable(field, text));
    }

    /** Null when the text has none of these forms. */
    private static Parsed<Item> dayOfMonth(String text) {
        Matcher last = LAST_DAY.matcher(text);
        if (last.matches()) {
            int before = last.group(1) == null ? 0 : Integer.parseInt(last.group(1));
            return before > 30
                    ? refused(
                            Field.DAY_OF_MONTH, quoted(text) + " is before every month's first day: write L-1 to L-30.")
                    : day(text, new DayRule.LastDay(before));
        }
        if (text.equals("LW")) {
            return day(text, new DayRule.LastWorkday());
        }
        Matcher nearest = NEAREST_WORKDAY.matcher(text);
        if (nearest.matches()) {
            int to = Field.DAY_OF_MONTH.value(nearest.group(1));
            return to < 0
                    ? refused(Field.DAY_OF_MONTH, quoted(text) + " is near no day of a month: write 1W to 31W.")
                    : day(text, new DayRule.NearestWorkday(to));
        }
        return null;
    }

    /** Null when the text has none of these forms. */
    private static Parsed<Item> dayOfWeek(String text) {
        Matcher nth = NTH_WEEKDAY.matcher(text);
        if (nth.matches()) {
            int weekday = Field.DAY_OF_WEEK.value(nth.group(1));
            return weekday < 0 || !nth.group(2).matches("[1-5]")
                    ? refused(
                            Field.DAY_OF_WEEK,
                            quoted(text)
                                    + " is not a weekday's time in the month: write MON#1 to MON#5, or MONL for the"
                                    + " last one.")
                    : day(text, new DayRule.NthWeekday(weekday % 7, Integer.parseInt(nth.group(2))));
        }
        Matcher last = LAST_OF_WEEKDAY.matcher(text);
        if (last.matches() && Field.DAY_OF_WEEK.value(last.group(1)) >= 0) {
            return day(text, new DayRule.LastOfWeekday(Field.DAY_OF_WEEK.value(last.group(1)) % 7));
        }
        return text.equals("L")
                ? refused(
                        Field.DAY_OF_WEEK,
                        "\"L\" is another day in each program: write SAT for Saturdays, or SATL for a month's last one.")
                : null;
    }

    private static Parsed<Item> values(Field field, String text, Matcher form) {
        boolean star = form.group(1) != null;
        boolean stepped = form.group(4) != null;
        int first = star ? field.first() : field.value(form.group(2));
        int last = first;
        if (form.group(3) != null) {
            last = field.value(form.group(3));
        } else if (star || stepped) {
            last = field.last();
        }
        if (first < 0 || last < 0) {
            return refused(field, wrongValue(field, text, first < 0 ? form.group(2) : form.group(3)));
        }
        int step = stepped ? step(field, form.group(4)) : 1;
        if (step < 1) {
            return refused(field, wrongStep(field, text, form.group(4), first));
        }
        return new Parsed.Accepted<>(
                field == Field.DAY_OF_WEEK && first == 7
                        ? new Values(text, 0, last == 7 ? 0 : last, step)
                        : new Values(text, first, last, step));
    }

    /** The step, or 0 when it is none that gets to a second value of the field. */
    private static int step(Field field, String digits) {
        int step = digits.length() > 4 ? field.size() : Integer.parseInt(digits);
        return step < field.size() ? step : 0;
    }

    private static String wrongStep(Field field, String text, String digits, int first) {
        String range = "a step of 1 to " + (field.size() - 1);
        return digits.matches("0+")
                ? quoted(text) + " has a step of 0: write " + range + "."
                : quoted(text) + " never gets past " + first + ", as the field has " + field.size() + " values: write "
                        + first + ", or " + range + ".";
    }

    private static String wrongValue(Field field, String text, String word) {
        String found = text.equals(word) ? quoted(word) : quoted(word) + " in " + quoted(text);
        return word.matches("\\d+")
                ? found + " is out of range: write " + field.allowed() + "."
                : found + " is not known" + hint(field, word) + ": write " + field.allowed() + ".";
    }

    private static String unreadable(Field field, String text) {
        if (text.isEmpty()) {
            return "a value is missing beside a comma: write " + field.allowed() + ", and commas only between values.";
        }
        if (text.equals("?")) {
            return "\"?\" is not known: write *.";
        }
        return quoted(text) + " is not known" + ": write " + field.allowed() + ", a range such as " + field.first()
                + "-" + field.last() + ", or a step such as */2.";
    }

    private static String hint(Field field, String word) {
        if (word.equals("H")) {
            return " (a hash to spread schedules is the field jitter)";
        }
        return field != Field.DAY_OF_MONTH && word.matches("L|LW|\\d{1,2}W") ? " (it belongs to day of month)" : "";
    }

    private static Parsed<Item> day(String text, DayRule rule) {
        return new Parsed.Accepted<>(new Day(text, rule));
    }

    private static Parsed<Item> refused(Field field, String what) {
        return Parsed.refused(field.text(), what);
    }
}
