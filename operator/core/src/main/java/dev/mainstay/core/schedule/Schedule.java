package dev.mainstay.core.schedule;

import dev.mainstay.api.schedule.DayMatch;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;

/**
 * A cron expression in a zone. A slot is found on the clocks of the zone. Where these are changed, a fixed time runs
 * exactly once: at the change when it is left out, the first time when it comes twice. A schedule with a star in minute or
 * hour follows real time: it runs whenever the clocks show one of its times. CronJobs lose the one and run the other twice
 * (kubernetes issue 121594).
 *
 * @param cron the times
 * @param zone the clocks
 */
public record Schedule(CronExpression cron, ZoneId zone) {

    /** A change of more than this corrects a zone rather than saves daylight; what it leaves out is not made up for. */
    private static final Duration LONGEST_GAP = Duration.ofHours(3);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

    /**
     * Reads a schedule.
     *
     * @param cron a cron expression
     * @param zone name of a zone
     * @param dayMatch what two restricted day fields mean
     */
    public static Parsed<Schedule> parse(String cron, String zone, DayMatch dayMatch) {
        return CronParser.parse(cron, dayMatch).and(TimeZones.parse(zone), Schedule::new);
    }

    /** The first slot after an instant. */
    public Slot next(Instant after) {
        OffsetPeriod period = OffsetPeriod.at(zone.getRules(), after);
        LocalDateTime low = firstAfter(after, period);
        while (true) {
            ZoneOffsetTransition end = period.end();
            LocalDateTime found = cron.ceiling(low, end == null ? LocalDateTime.MAX : end.getDateTimeBefore());
            if (found != null) {
                return slot(found, period);
            }
            period = period.following();
            if (!leftOut(end).isEmpty()) {
                return slot(end.getDateTimeAfter(), period);
            }
            low = first(period);
        }
    }

    /** The last slot before an instant. */
    public Slot previous(Instant before) {
        Instant at = before.minusNanos(1);
        OffsetPeriod period = OffsetPeriod.at(zone.getRules(), at);
        LocalDateTime high = period.local(at).plusNanos(1);
        while (true) {
            LocalDateTime found = cron.floor(first(period), high);
            if (found != null) {
                return slot(found, period);
            }
            ZoneOffsetTransition start = period.start();
            if (!leftOut(start).isEmpty()) {
                return slot(start.getDateTimeAfter(), period);
            }
            period = period.preceding();
            high = start.getDateTimeBefore();
        }
    }

    /**
     * How many slots there are after an instant, up to another one. Whole months are counted at once: what was missed is
     * told exactly, however much it was (kubernetes issue 42649).
     */
    public long count(Instant after, Instant until) {
        if (!until.isAfter(after)) {
            return 0;
        }
        long count = 0;
        OffsetPeriod period = OffsetPeriod.at(zone.getRules(), after);
        LocalDateTime low = firstAfter(after, period);
        while (period.end() != null && !period.end().getInstant().isAfter(until)) {
            ZoneOffsetTransition end = period.end();
            count += cron.count(low, end.getDateTimeBefore());
            period = period.following();
            low = first(period);
            if (!leftOut(end).isEmpty() && cron.ceiling(low, low.plusNanos(1)) == null) {
                count++;
            }
        }
        return count + cron.count(low, period.local(until).plusNanos(1));
    }

    /** The fixed times that a change of the clocks leaves out, in their order. */
    List<LocalDateTime> leftOut(ZoneOffsetTransition change) {
        if (!cron.fixedTimes() || !change.isGap() || change.getDuration().compareTo(LONGEST_GAP) > 0) {
            return List.of();
        }
        List<LocalDateTime> times = new ArrayList<>();
        LocalDateTime time = cron.ceiling(change.getDateTimeBefore(), change.getDateTimeAfter());
        while (time != null) {
            times.add(time);
            time = cron.ceiling(time.plusMinutes(1), change.getDateTimeAfter());
        }
        return times;
    }

    /** The first time on the clocks of a period that is a slot of its own, rather than one that comes for the second time. */
    private LocalDateTime first(OffsetPeriod period) {
        ZoneOffsetTransition start = period.start();
        if (start == null) {
            return LocalDateTime.MIN;
        }
        return cron.fixedTimes() && start.isOverlap() ? start.getDateTimeBefore() : start.getDateTimeAfter();
    }

    private LocalDateTime firstAfter(Instant after, OffsetPeriod period) {
        LocalDateTime following =
                period.local(after).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        LocalDateTime first = first(period);
        return following.isAfter(first) ? following : first;
    }

    private Slot slot(LocalDateTime time, OffsetPeriod period) {
        return new Slot(time.atOffset(period.offset()), shift(time, period));
    }

    private String shift(LocalDateTime time, OffsetPeriod period) {
        ZoneOffsetTransition start = period.start();
        if (start != null && time.equals(start.getDateTimeAfter())) {
            List<LocalDateTime> times = leftOut(start);
            return times.isEmpty() ? "" : "moved from " + shown(times, time) + ": DST gap";
        }
        ZoneOffsetTransition end = period.end();
        boolean comesTwice = end != null && end.isOverlap() && !time.isBefore(end.getDateTimeAfter());
        return comesTwice && cron.fixedTimes() ? "not again at the second " + TIME.format(time) + ": DST overlap" : "";
    }

    private static String shown(List<LocalDateTime> times, LocalDateTime movedTo) {
        String first = shown(times.getFirst(), movedTo);
        return switch (times.size()) {
            case 1 -> first;
            case 2 -> first + " and " + shown(times.getLast(), movedTo);
            default -> first + " to " + shown(times.getLast(), movedTo) + ", " + times.size() + " times";
        };
    }

    private static String shown(LocalDateTime time, LocalDateTime movedTo) {
        return time.toLocalDate().equals(movedTo.toLocalDate())
                ? TIME.format(time)
                : time.toLocalDate() + "T" + TIME.format(time);
    }
}
