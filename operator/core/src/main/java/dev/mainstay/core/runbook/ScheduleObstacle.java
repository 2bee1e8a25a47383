package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.MaintenanceScheduleSpec;
import dev.mainstay.api.schedule.ConcurrencyPolicy;
import dev.mainstay.api.schedule.NextRun;
import dev.mainstay.api.schedule.WaitingSlot;
import dev.mainstay.api.schedule.WindowEndPolicy;
import dev.mainstay.core.Durations;
import dev.mainstay.core.runbook.ScheduleClock.Held;
import dev.mainstay.core.schedule.MaintenanceHours;
import dev.mainstay.core.schedule.MaintenanceHours.Closed;
import dev.mainstay.core.schedule.Schedule;
import dev.mainstay.core.schedule.Slot;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** What stands against the start of a slot's or rollout's run: windows, freezes, another run, something that is missing. A pure function. */
final class ScheduleObstacle {

    /** A run that is made begins within this time, as a rule. */
    private static final Duration BEGINS = Duration.ofMinutes(1);

    /** How long to wait before the API server is asked again for a run that it did not take. */
    static final Duration AGAIN = Duration.ofSeconds(10);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");
    private static final int SHIFT_LENGTH = 128;

    /** How far ahead an opening is looked for. */
    private static final Duration FORESEEN = Duration.ofDays(730);

    /** What becomes of a slot's run. */
    sealed interface Start {

        /**
         * It starts.
         *
         * @param notAfter when it may begin at the latest
         * @param stopAfter when its time is over; null when it may take as long as it takes
         * @param overridden what windows and freezes say against it, if spec.mustRunBefore overrides them; else null
         */
        record Now(Instant notAfter, Instant stopAfter, String overridden) implements Start {}

        /** It waits, and is looked at again then. */
        record Wait(Reason reason, String message, Instant until) implements Start {}

        /** It is skipped. */
        record Never(String reason, String message) implements Start {}
    }

    /** Something that stands against it; {@code until} is null when nothing will change in time. */
    private record Obstacle(Reason reason, String message, Instant until) {

        /** Whether it would not help to start later. */
        boolean forbidden() {
            return reason == Reason.STILL_RUNNING && until == null;
        }
    }

    private final MaintenanceScheduleSpec spec;
    private final Schedule schedule;
    private final ZoneId zone;
    private final MaintenanceHours hours;
    private final Held missing;
    private final Held declined;
    private final Optional<String> active;
    private final Duration need;
    private final Instant now;

    /**
     * Prepares it.
     *
     * @param schedule the slots; null when runs are made for rollouts
     * @param zone the clocks of messages
     * @param missing what a run would lack; null when nothing
     * @param declined why the API server did not take the run; null when it did, or was not asked
     * @param active name of a run of the schedule that is not finished, or is being made
     */
    ScheduleObstacle(
            MaintenanceScheduleSpec spec,
            Schedule schedule,
            ZoneId zone,
            MaintenanceHours hours,
            Held missing,
            Held declined,
            Optional<String> active,
            Instant now) {
        this.spec = spec;
        this.schedule = schedule;
        this.zone = zone;
        this.hours = hours;
        this.missing = missing;
        this.declined = declined;
        this.active = active;
        this.need = spec.estimatedDuration() == null ? Duration.ZERO : Durations.parse(spec.estimatedDuration());
        this.now = now;
    }

    /**
     * What becomes of a slot that has come.
     *
     * @param waited what waited before; null when nothing did
     */
    Start start(Slot slot, WaitingSlot waited) {
        Instant startBy = slot.instant().plus(Durations.parse(spec.startingDeadline()));
        Optional<String> overridden = overridden(slot, startBy);
        Optional<Obstacle> obstacle = obstacle(startBy, overridden.isPresent());
        boolean late = now.isAfter(startBy);
        if (obstacle.isPresent()) {
            Obstacle found = obstacle.get();
            return late || found.until() == null
                    ? new Start.Never(
                            found.reason().text(), found.message() + (found.forbidden() ? "" : " " + tooLate(startBy)))
                    : new Start.Wait(found.reason(), found.message(), min(found.until(), startBy.plusMillis(1)));
        }
        if (late) {
            return waited == null
                    ? new Start.Never(Reason.MISSED.text(), tooLate(startBy))
                    : new Start.Never(waited.reason(), waited.message() + " " + tooLate(startBy));
        }
        Instant until = overridden.isPresent() ? Instant.MAX : hours.openUntil(now);
        boolean ends = until.isBefore(now.plus(Duration.ofDays(366)));
        Instant latest = ends ? min(startBy, until.minus(need).minusSeconds(1)) : startBy;
        Instant begins = now.plus(BEGINS);
        return new Start.Now(
                latest.isBefore(begins) ? begins : latest,
                ends && spec.onWindowEnd() == WindowEndPolicy.STOP_AT_SAFE_POINT ? until : null,
                overridden.orElse(null));
    }

    private Optional<Obstacle> obstacle(Instant startBy, boolean overridden) {
        if (missing != null) {
            return Optional.of(new Obstacle(missing.reason(), missing.message(), Instant.MAX));
        }
        Optional<Closed> closed = overridden ? Optional.empty() : hours.closed(now, need);
        if (closed.isPresent()) {
            return Optional.of(new Obstacle(
                    reason(closed.get()),
                    sentence(closed.get()),
                    hours.nextStart(now, need, startBy).orElse(null)));
        }
        if (active.isPresent()) {
            boolean waits = spec.concurrencyPolicy() == ConcurrencyPolicy.QUEUE;
            return Optional.of(new Obstacle(
                    Reason.STILL_RUNNING,
                    "MaintenanceRun " + active.get()
                            + " of this schedule was not finished when this "
                            + (schedule == null ? "rollout" : "slot") + " came (spec.concurrencyPolicy: "
                            + spec.concurrencyPolicy().text() + ").",
                    waits ? Instant.MAX : null));
        }
        return Optional.ofNullable(declined).map(why -> new Obstacle(why.reason(), why.message(), now.plus(AGAIN)));
    }

    /**
     * What stands against a slot that is run all the same, as the last one whose run can end before spec.mustRunBefore and that
     * would not start in time otherwise; empty for every other slot.
     */
    private Optional<String> overridden(Slot slot, Instant startBy) {
        Instant deadline = spec.mustRunBefore();
        Instant from = now.isBefore(slot.instant()) ? slot.instant() : now;
        if (schedule == null || deadline == null || !from.isBefore(deadline)) {
            return Optional.empty();
        }
        Instant last = deadline.minus(need);
        boolean later = schedule.next(slot.instant()).instant().isBefore(tooLate());
        return later || hours.nextStart(from, need, min(startBy, last)).isPresent()
                ? Optional.empty()
                : hours.closed(from, need).map(this::sentence);
    }

    /** The same, by the deadline that the slot has. */
    Optional<String> overridden(Slot slot) {
        return overridden(slot, slot.instant().plus(Durations.parse(spec.startingDeadline())));
    }

    /** The slot that would have to override windows and freezes; empty when there is none to come. */
    Optional<Slot> lastChance() {
        if (schedule == null
                || spec.mustRunBefore() == null
                || !spec.mustRunBefore().isAfter(now)) {
            return Optional.empty();
        }
        return Optional.of(schedule.previous(tooLate()));
    }

    /** From when on a run can't end before the deadline; what is taken to need no time must begin before it. */
    private Instant tooLate() {
        return need.isZero()
                ? spec.mustRunBefore()
                : spec.mustRunBefore().minus(need).plusNanos(1);
    }

    /** Whether a slot would come too late by now. */
    boolean hasPassed(Slot slot) {
        return slot.instant().plus(Durations.parse(spec.startingDeadline())).isBefore(now);
    }

    /**
     * What is to come of a slot, whatever other slots do.
     *
     * @param run what is told of it
     * @param start when its run starts; null when it is skipped
     * @param closed why it does not start at its time; null when it does
     * @param opens when something may start again; null when it may at its time, or never may
     */
    record Preview(NextRun run, Instant start, Closed closed, Instant opens) {

        /** Why it does not start at its time. */
        Reason reason() {
            return ScheduleObstacle.reason(closed);
        }

        /** What closes it, for people. */
        String named() {
            return ScheduleObstacle.named(closed);
        }
    }

    /**
     * What is to come of a slot.
     *
     * @param from when it is looked at at the earliest
     */
    Preview preview(Slot slot, Instant from) {
        Instant at = slot.instant().isBefore(from) ? from : slot.instant();
        Optional<Closed> closed = hours.closed(at, need);
        if (closed.isEmpty() && at.equals(slot.instant())) {
            return new Preview(
                    new NextRun(slot.at().toString(), slot.shift().isEmpty() ? null : slot.shift()), at, null, null);
        }
        if (closed.isPresent() && overridden(slot).isPresent()) {
            return new Preview(
                    new NextRun(slot.at().toString(), cut("in spite of " + named(closed.get()) + ": mustRunBefore")),
                    at,
                    closed.get(),
                    null);
        }
        String why = closed.map(ScheduleObstacle::named).orElse("it waited");
        Instant startBy = slot.instant().plus(Durations.parse(spec.startingDeadline()));
        Instant opens = hours.nextStart(at, need, at.plus(FORESEEN).isBefore(startBy) ? startBy : at.plus(FORESEEN))
                .orElse(null);
        return opens == null || opens.isAfter(startBy)
                ? new Preview(
                        new NextRun(slot.at().toString(), cut("will be skipped: " + why)),
                        null,
                        closed.orElse(null),
                        opens)
                : new Preview(
                        new NextRun(
                                opens.atZone(zone).toOffsetDateTime().toString(),
                                cut("moved from " + TIME.format(slot.at()) + ": " + why)),
                        opens,
                        closed.orElse(null),
                        opens);
    }

    /** The same of one to come, with what was skipped before it. */
    static NextRun after(NextRun run, Preview skipped) {
        return new NextRun(
                run.at(),
                cut((run.shift() == null ? "" : run.shift() + "; ") + "earlier slots are skipped: " + skipped.named()));
    }

    /** Why a slot could not start whatever windows say; empty when nothing lacks. */
    Optional<Reason> missing() {
        return Optional.ofNullable(missing).map(Held::reason);
    }

    List<String> warnings() {
        return hours.warnings();
    }

    private static Reason reason(Closed closed) {
        return switch (closed) {
            case Closed.OutsideWindow ignored -> Reason.OUTSIDE_WINDOW;
            case Closed.Frozen ignored -> Reason.FROZEN;
            case Closed.WouldOverrun ignored -> Reason.WOULD_OVERRUN;
        };
    }

    private String sentence(Closed closed) {
        return switch (closed) {
            case Closed.OutsideWindow(String window, Instant opens) ->
                "No window is open; the next is " + window + ", at " + shown(opens) + ".";
            case Closed.Frozen(String freeze, Instant until) ->
                "Freeze " + freeze + " is active until " + shown(until) + ".";
            case Closed.WouldOverrun(Instant until) ->
                "What takes " + spec.estimatedDuration() + " (spec.estimatedDuration) would not end by " + shown(until)
                        + ", when windows close or a freeze begins.";
        };
    }

    private static String named(Closed closed) {
        return switch (closed) {
            case Closed.OutsideWindow(String window, Instant ignored) -> "window " + window;
            case Closed.Frozen(String freeze, Instant ignored) -> "freeze " + freeze;
            case Closed.WouldOverrun ignored -> "estimatedDuration";
        };
    }

    private String tooLate(Instant startBy) {
        return "It can't start by " + shown(startBy) + ", when spec.startingDeadline, " + spec.startingDeadline()
                + ", is over.";
    }

    private String shown(Instant instant) {
        return instant.equals(Instant.MAX)
                ? "the end of time"
                : instant.atZone(zone)
                        .toOffsetDateTime()
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString();
    }

    private static String cut(String text) {
        return text.length() <= SHIFT_LENGTH ? text : text.substring(0, SHIFT_LENGTH - 1) + "…";
    }

    private static Instant min(Instant one, Instant other) {
        return other.isBefore(one) ? other : one;
    }
}
