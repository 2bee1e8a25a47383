package dev.mainstay.core.schedule;

import dev.mainstay.api.schedule.DayMatch;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Month;
import java.time.Year;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The days on which a schedule runs. A month is one number whose bit n stands for day n, so that whole months are skipped
 * and counted at once.
 */
final class CalendarDays {

    /** The calendar repeats after 400 years: what is not found in them never comes. */
    private static final int CYCLE_MONTHS = 400 * 12;

    private static final int EVERY_SEVENTH_DAY = 1 << 1 | 1 << 8 | 1 << 15 | 1 << 22 | 1 << 29;

    private final int months;
    private final boolean anyDayOfMonth;
    private final int daysOfMonth;
    private final List<DayRule> dayOfMonthRules;
    private final boolean anyDayOfWeek;
    private final int daysOfWeek;
    private final List<DayRule> dayOfWeekRules;
    private final DayMatch dayMatch;

    CalendarDays(CronField dayOfMonth, CronField month, CronField dayOfWeek, DayMatch dayMatch) {
        this.months = (int) month.values();
        this.anyDayOfMonth = dayOfMonth.unrestricted();
        this.daysOfMonth = (int) dayOfMonth.values();
        this.dayOfMonthRules = dayOfMonth.rules();
        this.anyDayOfWeek = dayOfWeek.unrestricted();
        this.daysOfWeek = (int) dayOfWeek.values();
        this.dayOfWeekRules = dayOfWeek.rules();
        this.dayMatch = dayMatch;
    }

    /** The days of a month. */
    int of(int year, int month) {
        if ((months >> month & 1) == 0) {
            return 0;
        }
        int length = Month.of(month).length(Year.isLeap(year));
        int all = (int) ((2L << length) - 2);
        if (anyDayOfMonth && anyDayOfWeek) {
            return all;
        }
        int firstWeekday = LocalDate.of(year, month, 1).getDayOfWeek().getValue() % 7;
        int byMonth = anyDayOfMonth ? all : (daysOfMonth | bits(dayOfMonthRules, length, firstWeekday)) & all;
        int byWeek = anyDayOfWeek ? all : (weekly(firstWeekday) | bits(dayOfWeekRules, length, firstWeekday)) & all;
        boolean either = dayMatch == DayMatch.ANY && !anyDayOfMonth && !anyDayOfWeek;
        return either ? byMonth | byWeek : byMonth & byWeek;
    }

    boolean contains(LocalDate date) {
        return (of(date.getYear(), date.getMonthValue()) >> date.getDayOfMonth() & 1) == 1;
    }

    /** The first of them at or after a date; null when there is none up to the month of another, or within 400 years. */
    LocalDate ceiling(LocalDate date, LocalDate until) {
        long month = date.getLong(ChronoField.PROLEPTIC_MONTH);
        long last = Math.min(month + CYCLE_MONTHS, until.getLong(ChronoField.PROLEPTIC_MONTH));
        int days = ofMonth(month) & -1 << date.getDayOfMonth();
        while (days == 0 && month < last) {
            days = ofMonth(++month);
        }
        return days == 0 ? null : day(month, Integer.numberOfTrailingZeros(days));
    }

    /** The last of them at or before a date; null when there is none down to the month of another, or within 400 years. */
    LocalDate floor(LocalDate date, LocalDate from) {
        long month = date.getLong(ChronoField.PROLEPTIC_MONTH);
        long first = Math.max(month - CYCLE_MONTHS, from.getLong(ChronoField.PROLEPTIC_MONTH));
        int days = ofMonth(month) & (int) ((2L << date.getDayOfMonth()) - 1);
        while (days == 0 && month > first) {
            days = ofMonth(--month);
        }
        return days == 0 ? null : day(month, 31 - Integer.numberOfLeadingZeros(days));
    }

    /** How many of them there are from a date to the day before another. */
    long count(LocalDate from, LocalDate until) {
        long count = 0;
        for (LocalDate date = from;
                date.isBefore(until);
                date = date.withDayOfMonth(1).plusMonths(1)) {
            int days = of(date.getYear(), date.getMonthValue()) & -1 << date.getDayOfMonth();
            boolean lastMonth = date.getYear() == until.getYear() && date.getMonth() == until.getMonth();
            count += Integer.bitCount(lastMonth ? days & (1 << until.getDayOfMonth()) - 1 : days);
        }
        return count;
    }

    /**
     * The distances between days that follow each other, in 28 years: these hold every kind of year and whole weeks, so what
     * follows them is as what they began with.
     */
    Spacing spacing() {
        LocalDate begin = LocalDate.of(2001, 1, 1);
        LocalDate end = begin.plusYears(28);
        long before = floor(end.minusDays(1), begin).toEpochDay() - ChronoUnit.DAYS.between(begin, end);
        long shortest = Long.MAX_VALUE;
        long longest = 0;
        for (LocalDate month = begin; month.isBefore(end); month = month.plusMonths(1)) {
            for (int days = of(month.getYear(), month.getMonthValue()); days != 0; days &= days - 1) {
                long day = month.toEpochDay() - 1 + Integer.numberOfTrailingZeros(days);
                shortest = Math.min(shortest, day - before);
                longest = Math.max(longest, day - before);
                before = day;
            }
        }
        return new Spacing(Duration.ofDays(shortest), Duration.ofDays(longest));
    }

    private int ofMonth(long month) {
        return of(Math.toIntExact(Math.floorDiv(month, 12)), Math.floorMod(month, 12) + 1);
    }

    private static LocalDate day(long month, int day) {
        return LocalDate.of(Math.toIntExact(Math.floorDiv(month, 12)), Math.floorMod(month, 12) + 1, day);
    }

    private int weekly(int firstWeekday) {
        int days = 0;
        for (int weekday = 0; weekday < 7; weekday++) {
            if ((daysOfWeek >> weekday & 1) == 1) {
                days |= EVERY_SEVENTH_DAY << DayRule.firstDay(weekday, firstWeekday) - 1;
            }
        }
        return days;
    }

    /** Day 0, which stands for none, becomes bit 0, which is no day of any month. */
    private static int bits(List<DayRule> rules, int length, int firstWeekday) {
        int days = 0;
        for (DayRule rule : rules) {
            days |= 1 << rule.day(length, firstWeekday);
        }
        return days;
    }
}
