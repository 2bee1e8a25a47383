package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.MaintenanceScheduleSpec;
import dev.mainstay.api.runbook.MaintenanceScheduleStatus;
import dev.mainstay.api.schedule.LastRollout;
import dev.mainstay.api.schedule.NextRun;
import dev.mainstay.api.schedule.Scheduled;
import dev.mainstay.api.schedule.SkippedRuns;
import dev.mainstay.api.schedule.SkippedSlot;
import dev.mainstay.api.schedule.Triggered;
import dev.mainstay.api.schedule.WaitingSlot;
import dev.mainstay.core.Durations;
import dev.mainstay.core.runbook.ScheduleObstacle.Start;
import dev.mainstay.core.schedule.Schedule;
import dev.mainstay.core.schedule.ScheduleWarnings;
import dev.mainstay.core.schedule.Slot;
import dev.mainstay.core.schedule.SlotDecider;
import dev.mainstay.core.schedule.SlotDecision;
import dev.mainstay.core.schedule.SlotDecision.Outcome;
import dev.mainstay.core.schedule.SlotObservation;
import dev.mainstay.core.schedule.Warning;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the slots of a schedule ask for now, and what is remembered of them: a pure function. */
final class ScheduleClock {

    /** Why a slot waits for a moment that is known. */
    private static final Set<String> CLOSED =
            Set.of(Reason.OUTSIDE_WINDOW.text(), Reason.FROZEN.text(), Reason.WOULD_OVERRUN.text());

    static final int MOST_WARNINGS = 16;

    /** Why slots are skipped, for as long as that lasts. */
    record Held(Reason reason, String message) {}

    /**
     * What the clock shows.
     *
     * @param due the slot, or when the rollout came, whose run is to be made; null when there is none
     * @param rollout the rollout whose run is to be made; null when it is a slot's, or there is none
     * @param start how it starts; null when there is none
     * @param memory what the status remembers, once that run is there
     * @param wakeUp when to look again; null when time alone changes nothing
     */
    record Reading(Slot due, Rollout rollout, Start.Now start, Memory memory, Instant wakeUp) {}

    /**
     * A rollout.
     *
     * @param identity identifies it
     * @param named the Deployments that were rolled out, for people
     */
    record Rollout(String identity, String named) {}

    /** What the status remembers. */
    record Memory(
            Scheduled scheduled,
            Instant lastSlot,
            Triggered triggered,
            LastRollout lastRollout,
            WaitingSlot waiting,
            String next,
            List<NextRun> nextRuns,
            Long missedRuns,
            List<SkippedRuns> skippedRuns,
            SkippedSlot lastSkipped,
            List<String> warnings) {}

    private final MaintenanceSchedule object;
    private final MaintenanceScheduleSpec spec;
    private final MaintenanceScheduleStatus before;
    private final Schedule schedule;
    private final ScheduleObstacle obstacle;
    private final Held held;
    private final Set<Instant> made;
    private final Instant now;
    private final RunTally tally;

    ScheduleClock(
            MaintenanceSchedule object,
            Schedule schedule,
            ScheduleObstacle obstacle,
            Held held,
            List<MaintenanceRun> runs,
            Instant now) {
        this.object = object;
        this.spec = object.getSpec();
        this.before = object.getStatus() == null ? MaintenanceScheduleStatus.NONE : object.getStatus();
        this.schedule = schedule;
        this.obstacle = obstacle;
        this.held = held;
        this.made =
                runs.stream().flatMap(run -> ScheduleRuns.slot(run).stream()).collect(Collectors.toSet());
        this.now = now;
        this.tally = new RunTally(before);
    }

    /** What a schedule without slots remembers, or one whose slots can't be followed: what was counted stays. */
    static Reading still(MaintenanceSchedule object) {
        MaintenanceScheduleStatus before =
                object.getStatus() == null ? MaintenanceScheduleStatus.NONE : object.getStatus();
        return new Reading(
                null,
                null,
                null,
                new Memory(
                        null,
                        before.lastSlot(),
                        null,
                        before.lastRollout(),
                        null,
                        null,
                        null,
                        before.missedRuns(),
                        before.skippedRuns(),
                        before.lastSkipped(),
                        null),
                null);
    }

    Reading read() {
        Scheduled scheduled = scheduled();
        SlotDecision decision = SlotDecider.decide(
                new SlotObservation(
                        schedule,
                        lastSlot(),
                        scheduled.since(),
                        Duration.ZERO,
                        Durations.parse(spec.startingDeadline()),
                        spec.missedRunPolicy()),
                now);
        Optional<Slot> candidate = held == null ? candidate(decision, scheduled) : none(decision);
        Optional<Start> start = candidate.map(slot -> obstacle.start(slot, before.waiting()));
        WaitingSlot waiting = null;
        Instant wakeUp = decision.wakeUp();
        if (start.isPresent() && start.get() instanceof Start.Wait(Reason reason, String message, Instant until)) {
            waiting = new WaitingSlot(candidate.get().instant(), reason.text(), Conditions.cut(message));
            wakeUp = earlier(wakeUp, soon(until));
        } else if (start.isPresent() && start.get() instanceof Start.Never(String reason, String message)) {
            tally.skip(candidate.get().instant(), reason, message, 1);
        }
        NextStarts next = nextStarts(decision.next(), waiting);
        Start.Now starts = start.isPresent() && start.get() instanceof Start.Now found ? found : null;
        return new Reading(
                starts == null ? null : candidate.get(),
                null,
                starts,
                new Memory(
                        scheduled,
                        decision.lastSlot(),
                        null,
                        before.lastRollout(),
                        waiting,
                        next.next(),
                        next.runs(),
                        tally.missedRuns(),
                        tally.skippedRuns(),
                        tally.lastSkipped(),
                        warnings(scheduled, decision)),
                wakeUp);
    }

    /** The slot that may start: the newest that fell due, else the one that waits. */
    private Optional<Slot> candidate(SlotDecision decision, Scheduled scheduled) {
        if (decision.missed() > 0) {
            missed(decision);
        }
        Optional<WaitingSlot> waited = waited();
        if (decision.outcome() == Outcome.RUN) {
            waited.ifPresent(slot -> tally.skip(slot.slot(), slot.reason(), slot.message(), 1));
            return Optional.of(decision.slot());
        }
        // An edit or a resume leaves behind what waited.
        Optional<WaitingSlot> left = waited.filter(slot -> !slot.slot().isAfter(scheduled.since()));
        left.ifPresent(slot -> tally.skip(slot.slot(), slot.reason(), slot.message(), 1));
        return left.isPresent()
                ? Optional.empty()
                : waited.map(
                        slot -> new Slot(slot.slot().atZone(schedule.zone()).toOffsetDateTime(), ""));
    }

    /** Suspended and paused slots are not missed, and don't wait. */
    private Optional<Slot> none(SlotDecision decision) {
        waited().ifPresent(slot -> tally.skip(slot.slot(), held.reason().text(), held.message(), 1));
        long passed = decision.missed() + (decision.outcome() == Outcome.RUN ? 1 : 0);
        if (passed > 0) {
            tally.skip(decision.slot().instant(), held.reason().text(), held.message(), passed);
        }
        return Optional.empty();
    }

    private Optional<WaitingSlot> waited() {
        return Optional.ofNullable(before.waiting()).filter(slot -> !made.contains(slot.slot()));
    }

    private void missed(SlotDecision decision) {
        Slot slot = decision.outcome() == Outcome.RUN
                ? schedule.previous(decision.slot().instant())
                : decision.slot();
        String why =
                switch (decision.outcome()) {
                    case RUN -> "Nothing ran the schedule then; of what was missed the latest slot runs.";
                    case TOO_LATE ->
                        "Nothing ran the schedule until spec.startingDeadline, " + spec.startingDeadline()
                                + ", was over. Raise it, or annotate the schedule to run it now.";
                    case NOT_CAUGHT_UP, NOTHING_DUE ->
                        "Nothing ran the schedule then, and spec.missedRunPolicy is Skip.";
                };
        tally.missed(slot.instant(), why, decision.missed());
    }

    /** A run that is there was not missed, though the pass that made it may have ended before it wrote that down. */
    private Instant lastSlot() {
        Instant written = before.lastSlot();
        return made.stream()
                .filter(slot -> !slot.isAfter(now))
                .filter(slot -> written == null || slot.isAfter(written))
                .max(Instant::compareTo)
                .orElse(written);
    }

    /** No slot before this one's beginning is run: neither after an edit (kubernetes issue 63371) nor after a pause (45825). */
    private Scheduled scheduled() {
        Scheduled was = before.scheduled();
        boolean same = was != null
                && spec.schedule().equals(was.schedule())
                && spec.timeZone().equals(was.timeZone())
                && spec.dayMatch() == was.dayMatch();
        boolean resumed = was != null && was.held() != null && held == null;
        Instant since = same && !resumed
                ? was.since()
                : before.conditions().isEmpty()
                        ? Instant.parse(object.getMetadata().getCreationTimestamp())
                        : now.truncatedTo(ChronoUnit.SECONDS);
        return new Scheduled(
                spec.schedule(),
                spec.timeZone(),
                spec.dayMatch(),
                since,
                held == null ? null : held.reason().text());
    }

    /** What lacks keeps slots waiting, and is told in the place of a time that nobody can know. */
    private NextStarts nextStarts(Slot first, WaitingSlot waiting) {
        Slot waits = waiting == null || !CLOSED.contains(waiting.reason())
                ? null
                : new Slot(waiting.slot().atZone(schedule.zone()).toOffsetDateTime(), "");
        NextStarts starts = NextStarts.of(schedule, obstacle, waits, first, held, now);
        return held != null
                ? starts
                : obstacle.missing()
                        .map(reason -> new NextStarts(reason.text(), starts.runs()))
                        .orElse(starts);
    }

    private List<String> warnings(Scheduled scheduled, SlotDecision decision) {
        List<String> warnings = new ArrayList<>();
        ScheduleWarnings.of(schedule, now).stream().map(Warning::message).forEach(warnings::add);
        ScheduleWarnings.ofStartingDeadline(Durations.parse(spec.startingDeadline()))
                .map(Warning::message)
                .ifPresent(warnings::add);
        warnings.addAll(obstacle.warnings());
        if (spec.mustRunBefore() != null
                && spec.mustRunBefore().isAfter(now)
                && !schedule.previous(spec.mustRunBefore()).instant().isAfter(scheduled.since())) {
            warnings.add("mustRunBefore: no slot comes before it: move it, or have a run made by hand");
        }
        if (spec.mustRunBefore() != null && !spec.mustRunBefore().isAfter(now)) {
            warnings.add("mustRunBefore: " + spec.mustRunBefore()
                    + " is over, so that it overrides nothing any more: move it, or take it out");
        }
        if (decision.clockBehind()) {
            warnings.add("lastSlot: it lies after the next slot, so the clock was put back; no slot runs until it has"
                    + " caught up");
        }
        return warnings.isEmpty() ? null : List.copyOf(warnings.subList(0, Math.min(warnings.size(), MOST_WARNINGS)));
    }

    /** A timer never gets less than a millisecond. */
    private Instant soon(Instant until) {
        Instant soonest = now.plusMillis(1);
        return until.isBefore(soonest) ? soonest : until;
    }

    private static Instant earlier(Instant one, Instant other) {
        return other.isBefore(one) ? other : one;
    }
}
