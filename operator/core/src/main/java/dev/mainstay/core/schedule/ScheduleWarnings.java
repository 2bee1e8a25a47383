package dev.mainstay.core.schedule;

import dev.mainstay.api.schedule.DayMatch;
import dev.mainstay.core.Durations;
import dev.mainstay.core.schedule.CronField.Day;
import dev.mainstay.core.schedule.CronField.Item;
import dev.mainstay.core.schedule.CronField.Values;
import java.time.Duration;
import java.time.Instant;
import java.time.Month;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is accepted and often meant otherwise. Every warning says what to write when it was. */
public final class ScheduleWarnings {

    /** The changes of the clocks of a year; a few days more, since they move within it. */
    private static final Duration LOOK_AHEAD = Duration.ofDays(400);

    private static final Duration SHORTEST_DEADLINE = Duration.ofMinutes(1);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

    private ScheduleWarnings() {}

    /**
     * What to warn of in a schedule.
     *
     * @param now the time from which on changes of the clocks matter
     */
    public static List<Warning> of(Schedule schedule, Instant now) {
        CronExpression cron = schedule.cron();
        List<Warning> warnings = new ArrayList<>();
        bothDayFields(cron).ifPresent(warnings::add);
        everyMinute(cron).ifPresent(warnings::add);
        for (Field field : Field.values()) {
            for (Item item : cron.field(field).items()) {
                unevenStep(field, item).ifPresent(warnings::add);
            }
        }
        for (Item item : cron.field(Field.DAY_OF_MONTH).items()) {
            missingDay(item, cron).ifPresent(warnings::add);
        }
        TimeZones.warning(schedule.zone()).ifPresent(warnings::add);
        warnings.addAll(clockChanges(schedule, now));
        return warnings;
    }

    /** What to warn of in a window: windows that overlap are joined, so they are open for longer than their duration. */
    public static Optional<Warning> of(Window window) {
        Duration shortest = window.starts().cron().spacing().shortest();
        return window.duration().compareTo(shortest) <= 0
                ? Optional.empty()
                : Optional.of(warning(
                        "duration",
                        Durations.format(window.duration()) + " is longer than the shortest time between two starts, "
                                + Durations.format(shortest) + ": windows that overlap are joined."));
    }

    /** What to warn of in a starting deadline: one shorter than a restart skips slots (kubernetes issue 86647). */
    public static Optional<Warning> ofStartingDeadline(Duration startingDeadline) {
        return startingDeadline.compareTo(SHORTEST_DEADLINE) >= 0
                ? Optional.empty()
                : Optional.of(warning(
                        "startingDeadline",
                        Durations.format(startingDeadline)
                                + " is less than a restart of the operator may take, and slots in it are missed: write"
                                + " 1m or more."));
    }

    private static Optional<Warning> bothDayFields(CronExpression cron) {
        boolean both = !cron.field(Field.DAY_OF_MONTH).unrestricted()
                && !cron.field(Field.DAY_OF_WEEK).unrestricted();
        return both && cron.dayMatch() == DayMatch.ANY
                ? Optional.of(warning(
                        Field.DAY_OF_WEEK.text(),
                        "day of month is restricted too, so days that match either of them are meant: set dayMatch: All"
                                + " for those that match both."))
                : Optional.empty();
    }

    private static Optional<Warning> everyMinute(CronExpression cron) {
        boolean hoursRestricted = !cron.field(Field.HOUR).items().stream()
                .allMatch(item -> item.text().equals("*"));
        return cron.field(Field.MINUTE).unrestricted() && hoursRestricted
                ? Optional.of(warning(
                        Field.MINUTE.text(), "* runs in each minute of the hours given: write 0 for once an hour."))
                : Optional.empty();
    }

    /** A step that starts again before its last part is over. */
    private static Optional<Warning> unevenStep(Field field, Item item) {
        if (!(item instanceof Values values) || values.step() == 1 || values.last() < field.last()) {
            return Optional.empty();
        }
        int last = values.first() + (values.last() - values.first()) / values.step() * values.step();
        int restart = field.last() - last + 1 + values.first() - field.first();
        boolean monthsDiffer = field == Field.DAY_OF_MONTH;
        if (!monthsDiffer && restart == values.step()) {
            return Optional.empty();
        }
        String what = monthsDiffer
                ? " starts again at " + values.first()
                        + " in each month, however long the last one was: write the days," + " such as 1,15."
                : " starts again at " + values.first() + ", " + restart + " after " + last
                        + ": write the values, or a start and a step that go into " + field.size() + " evenly.";
        return Optional.of(warning(field.text(), item.text() + what));
    }

    private static Optional<Warning> missingDay(Item item, CronExpression cron) {
        int day =
                switch (item) {
                    case Values values when values.single() -> values.first();
                    case Day(String text, DayRule.NearestWorkday(int nearestTo)) -> nearestTo;
                    default -> 0;
                };
        List<Month> without = new ArrayList<>();
        for (Month month : Month.values()) {
            boolean meant = (cron.field(Field.MONTH).values() >> month.getValue() & 1) == 1;
            if (meant && month.minLength() < day) {
                without.add(month);
            }
        }
        if (without.isEmpty()) {
            return Optional.empty();
        }
        String what = without.equals(List.of(Month.FEBRUARY)) && day == 29
                ? " comes in February in leap years only"
                : " is missing from shorter months, which are left out";
        return Optional.of(
                warning(Field.DAY_OF_MONTH.text(), item.text() + what + ": write L for the last day of each month."));
    }

    /** The next gap and the next overlap that the schedule is in. */
    private static List<Warning> clockChanges(Schedule schedule, Instant now) {
        Map<Boolean, Warning> nextOfKind = new LinkedHashMap<>();
        Instant until = schedule.cron().fixedTimes() ? now.plus(LOOK_AHEAD) : now;
        ZoneOffsetTransition change = schedule.zone().getRules().nextTransition(now);
        while (change != null && change.getInstant().isBefore(until)) {
            boolean gap = change.isGap();
            clockChange(schedule, change).ifPresent(warning -> nextOfKind.putIfAbsent(gap, warning));
            change = schedule.zone().getRules().nextTransition(change.getInstant());
        }
        return List.copyOf(nextOfKind.values());
    }

    private static Optional<Warning> clockChange(Schedule schedule, ZoneOffsetTransition change) {
        ZoneId zone = schedule.zone();
        if (change.isGap()) {
            return schedule.leftOut(change).stream()
                    .findFirst()
                    .map(time -> warning(
                            "schedule",
                            TIME.format(time) + " does not exist on " + time.toLocalDate() + " in " + zone
                                    + " (DST gap): it runs at "
                                    + change.getDateTimeAfter().atOffset(change.getOffsetAfter())
                                    + " then."));
        }
        return Optional.ofNullable(schedule.cron().ceiling(change.getDateTimeAfter(), change.getDateTimeBefore()))
                .map(time -> warning(
                        "schedule",
                        TIME.format(time) + " comes twice on " + time.toLocalDate() + " in " + zone
                                + " (DST overlap): it runs once, at " + time.atOffset(change.getOffsetBefore()) + "."));
    }

    private static Warning warning(String field, String what) {
        return new Warning(field, field + ": " + what);
    }
}
