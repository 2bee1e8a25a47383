package dev.mainstay.core.schedule;

import static dev.mainstay.core.schedule.Parsed.quoted;
import static dev.mainstay.core.schedule.Parsed.refused;

import dev.mainstay.api.schedule.DayMatch;
import dev.mainstay.core.schedule.CronField.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads cron expressions. What other programs read in different ways is refused, not guessed: the same text means days in one
 * and seconds in another (cloudnative-pg issue 4202).
 */
public final class CronParser {

    private static final String SCHEDULE = "schedule";
    private static final String FORM = "write 5 fields, minute, hour, day of month, month and day of week, such as"
            + " \"0 2 * * *\" for 02:00 each day";

    private static final Map<String, String> NICKNAMES = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@quarterly", "0 0 1 1,4,7,10 *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");

    private CronParser() {}

    /**
     * Reads an expression.
     *
     * @param text five fields, or a nickname such as {@code @daily}; null counts as empty
     * @param dayMatch what two restricted day fields mean
     */
    public static Parsed<CronExpression> parse(String text, DayMatch dayMatch) {
        String stripped = text == null ? "" : text.strip();
        if (stripped.isEmpty()) {
            return refused(SCHEDULE, "is empty: " + FORM + ". To run only by hand, leave schedule out.");
        }
        String[] words = stripped.split("\\s+");
        String first = words[0].toLowerCase(Locale.ROOT);
        if (first.startsWith("tz=") || first.startsWith("cron_tz=")) {
            return refused(
                    SCHEDULE,
                    quoted(words[0]) + " is a time zone, which stands in a field of its own: leave it out here, and set"
                            + " timeZone.");
        }
        if (first.startsWith("@")) {
            return nickname(stripped, first, words.length, dayMatch);
        }
        return words.length == Field.values().length
                ? fields(stripped, words, dayMatch)
                : refused(SCHEDULE, wrongCount(stripped, words.length));
    }

    private static String wrongCount(String text, int count) {
        String found = quoted(text) + " has " + (count == 1 ? "1 field" : count + " fields") + ": ";
        return count == 6
                ? found + "5 are known, and seconds are not supported. When the first field is seconds, leave it out; "
                        + FORM + "."
                : found + FORM + ".";
    }

    private static Parsed<CronExpression> nickname(String text, String word, int words, DayMatch dayMatch) {
        return switch (word) {
            case "@every" ->
                refused(
                        SCHEDULE,
                        quoted(text) + " counts from a start that nobody wrote down, so it is not known: write times,"
                                + " such as \"0 */6 * * *\" for every 6 hours.");
            case "@triggered", "@manual", "@none" ->
                refused(SCHEDULE, quoted(text) + " is not known: to run only by hand, leave schedule out.");
            default -> {
                String fields = NICKNAMES.get(word);
                yield fields == null || words > 1
                        ? refused(
                                SCHEDULE,
                                quoted(text) + " is not known: write "
                                        + "@hourly, @daily, @weekly, @monthly, @quarterly"
                                        + " or @yearly, and nothing else beside it, or 5 fields.")
                        : fields(text, fields.split(" "), dayMatch);
            }
        };
    }

    private static Parsed<CronExpression> fields(String text, String[] words, DayMatch dayMatch) {
        Parsed<List<CronField>> read = new Parsed.Accepted<>(List.of());
        for (Field field : Field.values()) {
            read = read.and(
                    field(field, words[field.ordinal()]),
                    (before, value) ->
                            Stream.concat(before.stream(), Stream.of(value)).toList());
        }
        return read.then(fields -> expression(text, words, fields, dayMatch));
    }

    private static Parsed<CronExpression> expression(
            String text, String[] words, List<CronField> fields, DayMatch dayMatch) {
        CronExpression expression = new CronExpression(text, fields, dayMatch);
        return expression.everFires() ? new Parsed.Accepted<>(expression) : neverFires(text, words, dayMatch);
    }

    private static Parsed<CronField> field(Field field, String list) {
        List<Item> items = new ArrayList<>();
        for (String text : list.split(",", -1)) {
            switch (CronItems.parse(field, text.toUpperCase(Locale.ROOT))) {
                case Parsed.Accepted<Item>(Item item) -> items.add(item);
                case Parsed.Refused<Item>(String where, String message) -> {
                    return new Parsed.Refused<>(where, message);
                }
            }
        }
        return new Parsed.Accepted<>(new CronField(field, items));
    }

    private static Parsed<CronExpression> neverFires(String text, String[] words, DayMatch dayMatch) {
        String days = dayMatch == DayMatch.ALL
                ? "no day is both day of month " + quoted(words[2]) + " and day of week " + quoted(words[4])
                : "no day of month is " + quoted(words[2]);
        return refused(
                SCHEDULE,
                quoted(text) + " never comes: in month " + quoted(words[3]) + " " + days
                        + ". Correct the day, or leave schedule out to run only by hand.");
    }
}
