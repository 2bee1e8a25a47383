package dev.mainstay.core.retention;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The periods of which the newest backup is kept, as clocks and calendars of a zone show them. */
enum Period {
    /** An hour that a change of the clock repeats is two, told apart by their offset. */
    HOURLY(
            "hourly",
            RetentionRules::keepHourly,
            time -> hour(time).toEpochSecond(),
            time -> time.toLocalDate() + "T" + twoDigits(time.getHour()) + time.getOffset()),
    /** A day has 23 to 25 hours. */
    DAILY(
            "daily",
            RetentionRules::keepDaily,
            time -> time.toLocalDate().toEpochDay(),
            time -> time.toLocalDate().toString()),
    WEEKLY(
            "weekly",
            RetentionRules::keepWeekly,
            time -> monday(time).toEpochDay(),
            time -> time.get(IsoFields.WEEK_BASED_YEAR) + "-W"
                    + twoDigits(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR))),
    MONTHLY(
            "monthly",
            RetentionRules::keepMonthly,
            time -> time.getLong(ChronoField.PROLEPTIC_MONTH),
            time -> time.getYear() + "-" + twoDigits(time.getMonthValue())),
    YEARLY("yearly", RetentionRules::keepYearly, ZonedDateTime::getYear, time -> "" + time.getYear());

    private final String word;
    private final Function<RetentionRules, Integer> number;
    private final ToLongFunction<ZonedDateTime> key;
    private final Function<ZonedDateTime, String> name;

    Period(
            String word,
            Function<RetentionRules, Integer> number,
            ToLongFunction<ZonedDateTime> key,
            Function<ZonedDateTime, String> name) {
        this.word = word;
        this.number = number;
        this.key = key;
        this.name = name;
    }

    /** Of how many periods the rules keep the newest. */
    int number(RetentionRules rules) {
        Integer value = number.apply(rules);
        return value == null ? 0 : Math.max(0, value);
    }

    /** Which period the time is in: equal for all times in it. */
    long key(ZonedDateTime time) {
        return key.applyAsLong(time);
    }

    /** The period in words: {@code daily 2026-03-28}. */
    String describe(ZonedDateTime time) {
        return word + " " + name.apply(time);
    }

    /** Not by ZonedDateTime's own truncation, which may go back over a change of the clock by half an hour. */
    private static OffsetDateTime hour(ZonedDateTime time) {
        return time.toOffsetDateTime().truncatedTo(ChronoUnit.HOURS);
    }

    private static LocalDate monday(ZonedDateTime time) {
        return time.toLocalDate().with(ChronoField.DAY_OF_WEEK, 1);
    }

    private static String twoDigits(int number) {
        return number < 10 ? "0" + number : "" + number;
    }
}
