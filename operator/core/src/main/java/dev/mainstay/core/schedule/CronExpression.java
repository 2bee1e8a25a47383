package dev.mainstay.core.schedule;

import dev.mainstay.api.schedule.DayMatch;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * A cron expression of five fields, as times on a clock that nobody ever changes. What becomes of them in a zone is the
 * business of {@link Schedule}. It names at least one time; made by {@link CronParser}.
 */
public final class CronExpression {

    private final String text;
    private final List<CronField> fields;
    private final DayMatch dayMatch;
    private final TimesOfDay times;
    private final CalendarDays days;

    CronExpression(String text, List<CronField> fields, DayMatch dayMatch) {
        this.text = text;
        this.fields = List.copyOf(fields);
        this.dayMatch = dayMatch;
        this.times = new TimesOfDay(
                field(Field.MINUTE).values(), (int) field(Field.HOUR).values());
        this.days = new CalendarDays(field(Field.DAY_OF_MONTH), field(Field.MONTH), field(Field.DAY_OF_WEEK), dayMatch);
    }

    /** As it was written. */
    public String text() {
        return text;
    }

    /** What two restricted day fields mean. */
    public DayMatch dayMatch() {
        return dayMatch;
    }

    /**
     * Whether it names fixed times, each of which runs exactly once, rather than intervals that follow real time. The
     * rule is that of cronie: intervals have a star in minute or hour.
     */
    public boolean fixedTimes() {
        return !field(Field.MINUTE).hasStar() && !field(Field.HOUR).hasStar();
    }

    CronField field(Field field) {
        return fields.get(field.ordinal());
    }

    /** Whether any day of the calendar is meant. */
    boolean everFires() {
        return days.ceiling(LocalDate.EPOCH, LocalDate.MAX) != null;
    }

    /** The first time from one, included, to another, not included; null when there is none. */
    LocalDateTime ceiling(LocalDateTime from, LocalDateTime until) {
        LocalDateTime start = roundedUp(from);
        LocalDate date = start.toLocalDate();
        int time = days.contains(date) ? times.ceiling(minuteOfDay(start)) : TimesOfDay.NONE;
        if (time == TimesOfDay.NONE) {
            date = days.ceiling(date.plusDays(1), until.toLocalDate());
            time = times.first();
        }
        LocalDateTime found = date == null ? until : date.atTime(time / 60, time % 60);
        return found.isBefore(until) ? found : null;
    }

    /** The last time from one, included, to another, not included; null when there is none. */
    LocalDateTime floor(LocalDateTime from, LocalDateTime until) {
        LocalDateTime end = until.minusNanos(1);
        LocalDate date = end.toLocalDate();
        int time = days.contains(date) ? times.floor(minuteOfDay(end)) : TimesOfDay.NONE;
        if (time == TimesOfDay.NONE) {
            date = days.floor(date.minusDays(1), from.toLocalDate());
            time = times.last();
        }
        LocalDateTime found = date == null ? null : date.atTime(time / 60, time % 60);
        return found == null || found.isBefore(from) ? null : found;
    }

    /** How many times there are from one, included, to another, not included; whole months are counted at once. */
    long count(LocalDateTime from, LocalDateTime until) {
        LocalDateTime start = roundedUp(from);
        LocalDateTime end = roundedUp(until);
        if (!start.isBefore(end)) {
            return 0;
        }
        return days.count(start.toLocalDate(), end.toLocalDate()) * times.countBefore(TimesOfDay.MINUTES_OF_DAY)
                - countBefore(start)
                + countBefore(end);
    }

    /** The distances between times that follow each other. */
    Spacing spacing() {
        Spacing between = days.spacing();
        Duration overNight = Duration.ofMinutes(times.first() - times.last());
        Spacing spacing = new Spacing(
                between.shortest().plus(overNight), between.longest().plus(overNight));
        Spacing within = times.spacing();
        return within == null ? spacing : spacing.with(within.shortest()).with(within.longest());
    }

    private long countBefore(LocalDateTime time) {
        return days.contains(time.toLocalDate()) ? times.countBefore(minuteOfDay(time)) : 0;
    }

    private static LocalDateTime roundedUp(LocalDateTime time) {
        LocalDateTime minute = time.truncatedTo(ChronoUnit.MINUTES);
        return minute.equals(time) ? time : minute.plusMinutes(1);
    }

    private static int minuteOfDay(LocalDateTime time) {
        return time.getHour() * 60 + time.getMinute();
    }
}
