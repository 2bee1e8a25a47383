package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.MaintenanceScheduleSpec;
import dev.mainstay.api.runbook.MaintenanceScheduleStatus;
import dev.mainstay.api.schedule.KnownDeployment;
import dev.mainstay.api.schedule.LastRollout;
import dev.mainstay.api.schedule.Triggered;
import dev.mainstay.api.schedule.WaitingSlot;
import dev.mainstay.core.Durations;
import dev.mainstay.core.runbook.ScheduleClock.Held;
import dev.mainstay.core.runbook.ScheduleClock.Memory;
import dev.mainstay.core.runbook.ScheduleClock.Reading;
import dev.mainstay.core.runbook.ScheduleClock.Rollout;
import dev.mainstay.core.runbook.ScheduleObstacle.Start;
import dev.mainstay.core.schedule.ScheduleWarnings;
import dev.mainstay.core.schedule.Slot;
import dev.mainstay.core.schedule.SlotDecider;
import dev.mainstay.core.schedule.Warning;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the rollouts of an application ask for now, and what is remembered of them: a pure function, as that of slots is. */
final class RolloutClock {

    private final MaintenanceSchedule object;
    private final MaintenanceScheduleSpec spec;
    private final MaintenanceScheduleStatus before;
    private final ZoneId zone;
    private final ScheduleObstacle obstacle;
    private final Held held;
    private final List<RolloutSeen> seen;
    private final Set<String> made;
    private final Instant now;
    private final RunTally tally;

    RolloutClock(
            MaintenanceSchedule object,
            ZoneId zone,
            ScheduleObstacle obstacle,
            Held held,
            List<RolloutSeen> seen,
            List<MaintenanceRun> runs,
            Instant now) {
        this.object = object;
        this.spec = object.getSpec();
        this.before = object.getStatus() == null ? MaintenanceScheduleStatus.NONE : object.getStatus();
        this.zone = zone;
        this.obstacle = obstacle;
        this.held = held;
        this.seen = seen;
        this.made = runs.stream()
                .filter(run -> ScheduleRuns.byItself(object, run))
                .flatMap(run -> ScheduleRuns.rollout(run).stream())
                .collect(Collectors.toSet());
        this.now = now;
        this.tally = new RunTally(before);
    }

    Reading read() {
        if (seen == null) {
            // Without its application nothing is known of rollouts, and nothing can run.
            return follow(
                    before.triggered(), before.lastRollout(), before.triggered() == null ? Optional.empty() : waited());
        }
        Triggered was = before.triggered();
        boolean same = was != null
                && before.lastRollout() != null
                && spec.trigger().rollout() == was.rollout()
                && Objects.equals(spec.trigger().workloads(), was.workloads());
        boolean resumed = was != null && was.held() != null && held == null;
        if (!same || resumed) {
            return begin();
        }
        return goOn(was.since());
    }

    /** After a creation, an edit or a resume: what has begun before has no run, and what waits is left behind. */
    private Reading begin() {
        Optional<List<KnownDeployment>> beginning = RolloutStep.beginning(seen);
        if (beginning.isEmpty()) {
            return reading(null, null, before.triggered(), before.lastRollout(), before.waiting(), null);
        }
        Instant since = before.conditions().isEmpty()
                ? Instant.parse(object.getMetadata().getCreationTimestamp())
                : now.truncatedTo(ChronoUnit.SECONDS);
        leave(waited());
        return reading(null, null, triggered(since), new LastRollout(since, List.of(), beginning.get()), null, null);
    }

    private Reading goOn(Instant since) {
        LastRollout last = before.lastRollout();
        RolloutStep step = RolloutStep.of(seen, last.workloads(), spec.trigger().rollout());
        if (step.came().isEmpty()) {
            boolean replaced = !RolloutStep.identity(step.known()).equals(RolloutStep.identity(last.workloads()));
            if (replaced) {
                leave(waited());
            }
            return follow(
                    triggered(since),
                    new LastRollout(last.at(), last.changed(), step.known()),
                    replaced ? Optional.empty() : waited());
        }
        leave(waited());
        Instant at = step.at() == null || step.at().isAfter(now) ? now : step.at();
        LastRollout rollout = new LastRollout(
                at.truncatedTo(ChronoUnit.SECONDS),
                step.came().stream().map(RolloutSeen::name).toList(),
                step.known());
        return follow(
                triggered(since), rollout, punctual(rollout) ? Optional.of(slot(rollout.at())) : Optional.empty());
    }

    /** Whether a rollout that was just seen may have a run; a run that is there was not missed. */
    private boolean punctual(LastRollout rollout) {
        if (held != null || made.contains(RolloutStep.identity(rollout.workloads()))) {
            return true;
        }
        String why =
                switch (SlotDecider.outcome(
                        Duration.between(rollout.at(), now),
                        Durations.parse(spec.startingDeadline()),
                        spec.missedRunPolicy())) {
                    case TOO_LATE ->
                        "Nothing looked at this rollout until spec.startingDeadline, " + spec.startingDeadline()
                                + ", was over. Raise it, or annotate the schedule to run it now.";
                    case NOT_CAUGHT_UP ->
                        "Nothing looked at this rollout when it came, and spec.missedRunPolicy is Skip.";
                    case RUN, NOTHING_DUE -> null;
                };
        if (why != null) {
            tally.missed(rollout.at(), why, 1);
        }
        return why == null;
    }

    /** What becomes of the rollout that has come or waits. */
    private Reading follow(Triggered triggered, LastRollout last, Optional<Slot> candidate) {
        if (candidate.isEmpty()) {
            return reading(null, null, triggered, last, null, null);
        }
        Slot slot = candidate.get();
        String identity = RolloutStep.identity(last.workloads());
        if (made.contains(identity)) {
            return reading(null, null, triggered, last, null, null);
        }
        if (held != null) {
            tally.skip(slot.instant(), held.reason().text(), held.message(), 1);
            return reading(null, null, triggered, last, null, null);
        }
        return switch (obstacle.start(slot, before.waiting())) {
            case Start.Now start -> reading(slot, start, triggered, last, null, null);
            case Start.Wait(Reason reason, String message, Instant until) ->
                reading(
                        null,
                        null,
                        triggered,
                        last,
                        new WaitingSlot(slot.instant(), reason.text(), Conditions.cut(message)),
                        until.isBefore(now.plusMillis(1)) ? now.plusMillis(1) : until);
            case Start.Never(String reason, String message) -> {
                tally.skip(slot.instant(), reason, message, 1);
                yield reading(null, null, triggered, last, null, null);
            }
        };
    }

    private Reading reading(
            Slot due, Start.Now start, Triggered triggered, LastRollout last, WaitingSlot waiting, Instant wakeUp) {
        return new Reading(
                due,
                due == null
                        ? null
                        : new Rollout(
                                RolloutStep.identity(last.workloads()),
                                RolloutStep.named(last.changed(), last.workloads())),
                start,
                new Memory(
                        null,
                        before.lastSlot(),
                        triggered,
                        last,
                        waiting,
                        null,
                        null,
                        tally.missedRuns(),
                        tally.skippedRuns(),
                        tally.lastSkipped(),
                        warnings()),
                wakeUp);
    }

    private Triggered triggered(Instant since) {
        return new Triggered(
                spec.trigger().rollout(),
                spec.trigger().workloads(),
                since,
                held == null ? null : held.reason().text());
    }

    private Optional<Slot> waited() {
        return Optional.ofNullable(before.waiting()).map(waiting -> slot(waiting.slot()));
    }

    /** Something newer has come, or what it was for does not run any more. */
    private void leave(Optional<Slot> waited) {
        waited.filter(slot -> before.lastRollout() == null
                        || !made.contains(
                                RolloutStep.identity(before.lastRollout().workloads())))
                .ifPresent(slot -> tally.skip(
                        slot.instant(),
                        before.waiting().reason(),
                        before.waiting().message(),
                        1));
    }

    private Slot slot(Instant at) {
        return new Slot(at.atZone(zone).toOffsetDateTime(), "");
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        ScheduleWarnings.ofStartingDeadline(Durations.parse(spec.startingDeadline()))
                .map(Warning::message)
                .ifPresent(warnings::add);
        warnings.addAll(obstacle.warnings());
        return warnings.isEmpty()
                ? null
                : List.copyOf(warnings.subList(0, Math.min(warnings.size(), ScheduleClock.MOST_WARNINGS)));
    }
}
