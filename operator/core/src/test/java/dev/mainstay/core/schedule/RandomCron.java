package dev.mainstay.core.schedule;

import dev.mainstay.api.schedule.DayMatch;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * A random expression together with what it means, which is put together from the definition of each part and shares no
 * code with the engine.
 */
final class RandomCron {

    private static final String[] MONTHS = {
        "JAN", "feb", "MAR", "apr", "MAY", "jun", "JUL", "aug", "SEP", "oct", "NOV", "dec"
    };
    private static final String[] WEEKDAYS = {"sun", "MON", "tue", "WED", "thu", "FRI", "sat"};

    private static final String EVERY_VALUE = "(.*,)?\\*(/1)?(,.*)?";

    private final Random random;
    private final boolean star;
    private final IntPredicate minute;
    private final IntPredicate hour;
    private final Predicate<LocalDate> days;
    final String text;
    final DayMatch dayMatch;

    private record Part<T>(String text, boolean star, T meaning) {}

    private RandomCron(Random random, boolean often) {
        this.random = random;
        this.dayMatch = random.nextInt(3) == 0 ? DayMatch.ALL : DayMatch.ANY;
        Part<IntPredicate> minutes = numbers(0, 59, null, 5);
        Part<IntPredicate> hours = numbers(0, 23, null, 3);
        Part<Predicate<LocalDate>> dayOfMonth = often && random.nextBoolean() ? anyDay() : dayOfMonth();
        Part<IntPredicate> months = often ? new Part<>("*", true, value -> true) : numbers(1, 12, MONTHS, 2);
        Part<Predicate<LocalDate>> dayOfWeek = random.nextBoolean() ? anyDay() : dayOfWeek();
        this.minute = minutes.meaning();
        this.hour = hours.meaning();
        this.star = minutes.star() || hours.star();
        this.text = String.join(" ", minutes.text(), hours.text(), dayOfMonth.text(), months.text(), dayOfWeek.text());
        boolean either = dayMatch == DayMatch.ANY && !dayOfMonth.star() && !dayOfWeek.star();
        Predicate<LocalDate> day = either
                ? dayOfMonth.meaning().or(dayOfWeek.meaning())
                : dayOfMonth.meaning().and(dayOfWeek.meaning());
        this.days = date -> months.meaning().test(date.getMonthValue()) && day.test(date);
    }

    /** One that runs on many days of the year. */
    static RandomCron often(Random random) {
        return new RandomCron(random, true);
    }

    static RandomCron any(Random random) {
        return new RandomCron(random, false);
    }

    boolean fixedTimes() {
        return !star;
    }

    boolean matches(LocalDateTime time) {
        return minute.test(time.getMinute()) && hour.test(time.getHour()) && days.test(time.toLocalDate());
    }

    boolean matches(LocalDate date) {
        return days.test(date);
    }

    private static Part<Predicate<LocalDate>> anyDay() {
        return new Part<>("*", true, date -> true);
    }

    /** A list of up to some items. Its star is that of a field of times: any, with or without a step. */
    private Part<IntPredicate> numbers(int first, int last, String[] names, int most) {
        Part<IntPredicate> part = number(first, last, names);
        String text = part.text();
        boolean star = part.star();
        IntPredicate meaning = part.meaning();
        for (int i = random.nextInt(most); i > 1; i--) {
            Part<IntPredicate> other = number(first, last, names);
            text += "," + other.text();
            star |= other.star();
            meaning = meaning.or(other.meaning());
        }
        return new Part<>(text, star, meaning);
    }

    private Part<IntPredicate> number(int first, int last, String[] names) {
        int from = first + random.nextInt(last - first + 1);
        int to = first + random.nextInt(last - first + 1);
        int step = 1 + random.nextInt(last - first);
        return switch (random.nextInt(9)) {
            case 0 -> new Part<>("*", true, value -> true);
            case 1 -> new Part<>("*/" + step, true, walk(first, last, first, last, step)::contains);
            case 2 ->
                new Part<>(name(from, first, names) + "/" + step, false, walk(from, last, first, last, step)::contains);
            case 3 ->
                new Part<>(
                        name(from, first, names) + "-" + name(to, first, names),
                        false,
                        walk(from, to, first, last, 1)::contains);
            case 4 ->
                new Part<>(
                        name(from, first, names) + "-" + name(to, first, names) + "/" + step,
                        false,
                        walk(from, to, first, last, step)::contains);
            default -> new Part<>(name(from, first, names), false, value -> value == from);
        };
    }

    /** Every so manieth value from one to another, going on at the beginning after the last. */
    private static List<Integer> walk(int from, int to, int first, int last, int step) {
        List<Integer> values = new ArrayList<>();
        int passed = 0;
        for (int value = from; ; value = value == last ? first : value + 1) {
            if (passed++ % step == 0) {
                values.add(value);
            }
            if (value == to) {
                return values;
            }
        }
    }

    private String name(int value, int first, String[] names) {
        return names == null || random.nextBoolean() ? "" + value : names[value - first];
    }

    private Part<Predicate<LocalDate>> dayOfMonth() {
        int number = 1 + random.nextInt(31);
        return switch (random.nextInt(8)) {
            case 0 -> anyDay();
            case 1 -> new Part<>("L", false, date -> date.plusDays(1).getDayOfMonth() == 1);
            case 2 ->
                new Part<>(
                        "L-" + (number - 1),
                        false,
                        date -> date.plusDays(number - 1L).getMonth() == date.getMonth()
                                && date.plusDays(number).getMonth() != date.getMonth());
            case 3 -> new Part<>("LW", false, date -> date.equals(lastWorkday(YearMonth.from(date))));
            case 4 ->
                new Part<>(number + "W", false, date -> date.equals(nearestWorkday(YearMonth.from(date), number)));
            default -> {
                Part<IntPredicate> part = numbers(1, 31, null, 3);
                boolean every = part.text().matches(EVERY_VALUE);
                yield new Part<>(part.text(), every, date -> part.meaning().test(date.getDayOfMonth()));
            }
        };
    }

    private Part<Predicate<LocalDate>> dayOfWeek() {
        int weekday = random.nextInt(7);
        int nth = 1 + random.nextInt(5);
        String name = weekday == 0 && random.nextBoolean() ? "7" : name(weekday, 0, WEEKDAYS);
        return switch (random.nextInt(5)) {
            case 0 ->
                new Part<>(
                        name + "#" + nth,
                        false,
                        date -> weekday(date) == weekday && (date.getDayOfMonth() - 1) / 7 + 1 == nth);
            case 1 ->
                new Part<>(
                        name + "L",
                        false,
                        date -> weekday(date) == weekday && date.plusDays(7).getMonth() != date.getMonth());
            default -> {
                Part<IntPredicate> part = numbers(0, 6, WEEKDAYS, 3);
                boolean every = part.text().matches(EVERY_VALUE);
                yield new Part<>(part.text(), every, date -> part.meaning().test(weekday(date)));
            }
        };
    }

    private static int weekday(LocalDate date) {
        return date.getDayOfWeek().getValue() % 7;
    }

    private static boolean workday(LocalDate date) {
        return date.getDayOfWeek().getValue() < 6;
    }

    private static LocalDate lastWorkday(YearMonth month) {
        LocalDate date = month.atEndOfMonth();
        while (!workday(date)) {
            date = date.minusDays(1);
        }
        return date;
    }

    private static LocalDate nearestWorkday(YearMonth month, int day) {
        if (day > month.lengthOfMonth()) {
            return null;
        }
        for (int distance = 0; ; distance++) {
            for (int candidate : new int[] {day - distance, day + distance}) {
                if (candidate >= 1 && candidate <= month.lengthOfMonth() && workday(month.atDay(candidate))) {
                    return month.atDay(candidate);
                }
            }
        }
    }
}
