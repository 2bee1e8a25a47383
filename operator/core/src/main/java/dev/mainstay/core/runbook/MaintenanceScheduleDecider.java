package dev.mainstay.core.runbook;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.MaintenanceScheduleSpec;
import dev.mainstay.api.runbook.MaintenanceScheduleStatus;
import dev.mainstay.api.schedule.ConcurrencyPolicy;
import dev.mainstay.api.schedule.DayMatch;
import dev.mainstay.api.schedule.MissedRunPolicy;
import dev.mainstay.api.schedule.RolloutStage;
import dev.mainstay.api.schedule.WindowEndPolicy;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.runbook.ScheduleClock.Held;
import dev.mainstay.core.runbook.ScheduleClock.Memory;
import dev.mainstay.core.runbook.ScheduleDecision.NewRun;
import dev.mainstay.core.schedule.MaintenanceHours;
import dev.mainstay.core.schedule.Parsed;
import dev.mainstay.core.schedule.Schedule;
import dev.mainstay.core.schedule.Slot;
import dev.mainstay.core.schedule.TimeZones;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Pause;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What is to be done about a MaintenanceSchedule, and what its runs came to: a pure function. */
public final class MaintenanceScheduleDecider {

    /** Longest value that {@code lastRunNow} holds. */
    private static final int RUN_NOW_LENGTH = 253;

    /** Longest reason that a run holds. */
    private static final int REASON_LENGTH = 256;

    /** What a refusal may be about that is a field of the spec; all else is a part of the expression. */
    private static final Set<String> OF_THE_SPEC = Set.of("schedule", "timeZone");

    private final ScheduleObservation observation;
    private final MaintenanceSchedule schedule;
    private final MaintenanceScheduleStatus before;
    private final Optional<String> invalid;
    private final Optional<Held> missing;
    private final ScheduleHistory history;
    private final Optional<ScheduleObstacle> obstacle;
    private final ScheduleClock.Reading clock;
    private final Optional<NewRun> byHand;
    private final boolean handled;
    private final Instant now;

    private MaintenanceScheduleDecider(ScheduleObservation observation, Instant now) {
        this.observation = observation;
        this.schedule = observation.schedule();
        this.before = schedule.getStatus() == null ? MaintenanceScheduleStatus.NONE : schedule.getStatus();
        this.now = now;
        this.history = new ScheduleHistory(schedule, observation.runs());
        this.missing = missing();
        Optional<String> asked = asked();
        boolean made =
                asked.filter(value -> exists(Names.runNow(name(), value))).isPresent();
        boolean waits = !made && history.active().isPresent();
        this.byHand = asked.filter(value -> !made && !waits).map(this::byHand);
        this.handled = asked.isPresent() && (made || !waits && observation.declined() == null);
        if (schedule.unreadableSpec().isPresent() || ofNewerVersion(schedule.getSpec())) {
            this.invalid = Optional.of(unreadable());
            this.obstacle = Optional.empty();
            this.clock = ScheduleClock.still(schedule);
            return;
        }
        Parsed<MaintenanceHours> hours = hours();
        Optional<Parsed<Schedule>> slots = Optional.ofNullable(
                        schedule.getSpec().schedule())
                .map(cron -> Schedule.parse(
                        cron, schedule.getSpec().timeZone(), schedule.getSpec().dayMatch()));
        Parsed<ZoneId> zone = TimeZones.parse(schedule.getSpec().timeZone());
        this.invalid = slots.flatMap(this::refused)
                .or(() -> follows() ? refused(zone) : Optional.empty())
                .or(() -> refusedHours(hours));
        if (invalid.isPresent() || !follows()) {
            this.obstacle = Optional.empty();
            this.clock = ScheduleClock.still(schedule);
            return;
        }
        Optional<Schedule> followed = slots.map(Parsed.Accepted.class::cast).map(parsed -> (Schedule) parsed.value());
        ZoneId clocks = ((Parsed.Accepted<ZoneId>) zone).value();
        ScheduleObstacle against = new ScheduleObstacle(
                schedule.getSpec(),
                followed.orElse(null),
                clocks,
                ((Parsed.Accepted<MaintenanceHours>) hours).value(),
                missing.orElse(null),
                declined(),
                active(),
                now);
        this.obstacle = Optional.of(against);
        this.clock = followed.map(
                        slot -> new ScheduleClock(schedule, slot, against, held(), observation.runs(), now).read())
                .orElseGet(() -> new RolloutClock(
                                schedule, clocks, against, held(), observation.rollouts(), observation.runs(), now)
                        .read());
    }

    /** Whether it makes runs by itself. */
    private boolean follows() {
        return schedule.getSpec().schedule() != null || schedule.getSpec().trigger() != null;
    }

    /** Decides. */
    public static ScheduleDecision decide(ScheduleObservation observation, Instant now) {
        return new MaintenanceScheduleDecider(observation, now).decide();
    }

    private ScheduleDecision decide() {
        List<NewRun> make = Stream.concat(
                        byHand.stream(), Stream.ofNullable(clock.due()).map(this::due))
                .toList();
        Instant wakeUp = observation.declined() == null
                ? clock.wakeUp()
                : earliest(clock.wakeUp(), now.plus(ScheduleObstacle.AGAIN));
        return new ScheduleDecision(
                make, schedule.unreadableSpec().isPresent() ? List.of() : history.surplus(), status(make), wakeUp);
    }

    /** The run that is not finished, or is made now since a person asked for it. */
    private Optional<String> active() {
        return history.active().map(run -> run.getMetadata().getName()).or(() -> byHand.map(NewRun::name));
    }

    private static Instant earliest(Instant one, Instant other) {
        return one == null || other.isBefore(one) ? other : one;
    }

    private NewRun byHand(String value) {
        return new NewRun(
                Names.runNow(name(), value),
                cut("Annotation " + Annotations.RUN_NOW + " of MaintenanceSchedule " + name()),
                null,
                null,
                null,
                null);
    }

    private NewRun due(Slot slot) {
        if (clock.rollout() == null) {
            return ofSlot(slot);
        }
        String rollout = clock.rollout().identity();
        return new NewRun(
                Names.rollout(name(), rollout),
                cut("Rollout of " + clock.rollout().named() + ", followed by MaintenanceSchedule " + name()),
                null,
                rollout,
                clock.start().notAfter(),
                clock.start().stopAfter());
    }

    private NewRun ofSlot(Slot slot) {
        String overridden = clock.start().overridden();
        return new NewRun(
                Names.slot(name(), slot.instant()),
                cut("Schedule of MaintenanceSchedule " + name() + " at " + slot.at()
                        + (overridden == null
                                ? ""
                                : ", before " + schedule.getSpec().mustRunBefore() + " (spec.mustRunBefore). "
                                        + overridden)),
                slot.instant(),
                null,
                clock.start().notAfter(),
                clock.start().stopAfter());
    }

    private boolean exists(String name) {
        return observation.runs().stream()
                .anyMatch(run -> run.getMetadata().getName().equals(name));
    }

    private Held declined() {
        return observation.declined() == null
                ? null
                : new Held(
                        observation.declined().reason(),
                        "The API server does not take the MaintenanceRun: "
                                + observation.declined().sentence()
                                + " It is asked again until spec.startingDeadline is over.");
    }

    private Optional<Held> missing() {
        ManagedApplication application = observation.application();
        if (schedule.unreadableSpec().isPresent()) {
            return Optional.empty();
        }
        MaintenanceScheduleSpec spec = schedule.getSpec();
        if (application == null) {
            return Optional.of(new Held(
                    Reason.APPLICATION_NOT_FOUND,
                    self() + ": spec.applicationRef names ManagedApplication "
                            + spec.applicationRef().name()
                            + ", which does not exist in this namespace. Create it, or correct the name."));
        }
        if (application.unreadableSpec().isPresent()) {
            return Optional.of(new Held(
                    Reason.INVALID_SPEC,
                    "spec of ManagedApplication " + application.getMetadata().getName()
                            + " can't be read by this version of Mainstay: "
                            + application.unreadableSpec().get() + ". Correct it, or upgrade Mainstay."));
        }
        if (observation.runbook() == null) {
            return Optional.of(new Held(
                    Reason.RUNBOOK_NOT_FOUND,
                    self() + ": spec.runbookRef names Runbook "
                            + spec.runbookRef().name()
                            + ", which does not exist in this namespace. Create it, or correct the name."));
        }
        return RunbookDecider.unreadable(observation.runbook())
                .map(why -> new Held(
                        Reason.INVALID_SPEC, "Runbook " + spec.runbookRef().name() + ": " + why))
                .or(() -> RunParameters.misfit(observation.runbook().getSpec(), spec)
                        .map(why -> new Held(Reason.PARAMETERS_WRONG, self() + ": " + why)))
                .or(() -> RolloutTriggers.unknown(schedule, application)
                        .map(why -> new Held(Reason.WORKLOAD_NOT_FOUND, self() + ": " + why)));
    }

    /** Those of the application where the schedule says nothing. */
    private Parsed<MaintenanceHours> hours() {
        MaintenanceScheduleSpec spec = schedule.getSpec();
        ManagedApplication application = observation.application();
        boolean known = application != null && application.getSpec() != null;
        return MaintenanceHours.parse(
                spec.windows() != null
                        ? spec.windows()
                        : known ? application.getSpec().windows() : List.of(),
                spec.freezes() != null
                        ? spec.freezes()
                        : known ? application.getSpec().freezes() : List.of(),
                spec.timeZone(),
                spec.dayMatch());
    }

    private <T> Optional<String> refused(Parsed<T> parsed) {
        return parsed instanceof Parsed.Refused<T>(String field, String message)
                ? Optional.of(self() + ", spec." + (OF_THE_SPEC.contains(field) ? "" : "schedule, ") + message)
                : Optional.empty();
    }

    private Optional<String> refusedHours(Parsed<MaintenanceHours> parsed) {
        if (!(parsed instanceof Parsed.Refused<MaintenanceHours>(String field, String message))) {
            return Optional.empty();
        }
        boolean own = field.equals("windows")
                ? schedule.getSpec().windows() != null
                : schedule.getSpec().freezes() != null;
        return Optional.of((own
                        ? self()
                        : "ManagedApplication "
                                + schedule.getSpec().applicationRef().name()) + ", spec." + message);
    }

    private static boolean ofNewerVersion(MaintenanceScheduleSpec spec) {
        return spec.dayMatch() == DayMatch.UNRECOGNIZED
                || spec.missedRunPolicy() == MissedRunPolicy.UNRECOGNIZED
                || spec.concurrencyPolicy() == ConcurrencyPolicy.UNRECOGNIZED
                || spec.onWindowEnd() == WindowEndPolicy.UNRECOGNIZED
                || spec.trigger() != null && spec.trigger().rollout() == RolloutStage.UNRECOGNIZED;
    }

    private String unreadable() {
        return self()
                + schedule.unreadableSpec()
                        .map(why -> ": spec can't be read by this version of Mainstay: " + why
                                + ". Correct it, or upgrade Mainstay.")
                        .orElse(
                                ": spec.dayMatch, missedRunPolicy, concurrencyPolicy, onWindowEnd or trigger.rollout has a value that this"
                                        + " version of Mainstay does not know. Correct it, or upgrade Mainstay.");
    }

    private Held held() {
        return pause().map(message -> new Held(Reason.PAUSED, message))
                .orElse(
                        schedule.getSpec().suspend()
                                ? new Held(
                                        Reason.SUSPENDED,
                                        "spec.suspend is true: no "
                                                + (schedule.getSpec().schedule() == null
                                                        ? "rollout has a run"
                                                        : "slot of the schedule runs")
                                                + ". Set it to false to go on.")
                                : null);
    }

    private Optional<String> pause() {
        return Pause.message(schedule)
                .or(() -> Optional.ofNullable(observation.application()).flatMap(Pause::message));
    }

    private MaintenanceScheduleStatus status(List<NewRun> make) {
        Memory memory = clock.memory();
        return new MaintenanceScheduleStatus(
                schedule.getMetadata().getGeneration(),
                conditions(),
                active().or(() -> make.stream().map(NewRun::name).findFirst()).orElse(null),
                memory.waiting(),
                history.lastSuccess(),
                history.lastFailure(),
                memory.lastSkipped(),
                history.consecutiveFailures(),
                handled ? asked().orElseThrow() : before.lastRunNow(),
                memory.scheduled(),
                memory.lastSlot(),
                memory.triggered(),
                memory.lastRollout(),
                memory.next(),
                memory.nextRuns(),
                memory.missedRuns(),
                memory.skippedRuns(),
                memory.warnings());
    }

    private List<Condition> conditions() {
        Conditions conditions =
                new Conditions(before.conditions(), schedule.getMetadata().getGeneration(), now);
        if (invalid.isPresent()) {
            conditions.stalled(Reason.INVALID_SPEC, invalid.get());
        } else if (missing.isPresent()) {
            conditions.stalled(missing.get().reason(), missing.get().message());
        } else if (observation.declined() != null) {
            conditions.stalled(declined().reason(), declined().message());
        } else if (pause().isPresent()) {
            conditions.ready(Reason.PAUSED, pause().get() + " A run that is asked for now is made then.");
        } else if (follows() && schedule.getSpec().suspend()) {
            conditions.ready(Reason.SUSPENDED, held().message());
        } else {
            conditions.ready(Reason.READY, told());
        }
        obstacle.ifPresent(found -> WindowsKept.tell(schedule.getSpec(), found, clock, conditions));
        return conditions.list();
    }

    private String told() {
        MaintenanceScheduleSpec spec = schedule.getSpec();
        return "Runbook " + spec.runbookRef().name() + " is run for ManagedApplication "
                + spec.applicationRef().name()
                + (spec.schedule() == null ? "" : " at \"" + spec.schedule() + "\" in " + spec.timeZone())
                + RolloutTriggers.told(spec, observation.rollouts())
                + ". Set the annotation " + Annotations.RUN_NOW
                + " to run it now, in spite of windows and freezes, as soon as no other run of it is under way.";
    }

    /** What a person has asked for and may have now; an earlier pass may have made it and died before its status. */
    private Optional<String> asked() {
        Map<String, String> annotations = schedule.getMetadata().getAnnotations();
        return Optional.ofNullable(annotations == null ? null : annotations.get(Annotations.RUN_NOW))
                .map(value -> Names.cut(value, RUN_NOW_LENGTH))
                .filter(value -> !value.isEmpty() && !value.equals(before.lastRunNow()))
                .filter(value -> schedule.unreadableSpec().isEmpty() && pause().isEmpty() && missing.isEmpty());
    }

    private String self() {
        return "MaintenanceSchedule " + name();
    }

    private String name() {
        return schedule.getMetadata().getName();
    }

    private static String cut(String reason) {
        return reason.length() <= REASON_LENGTH ? reason : reason.substring(0, REASON_LENGTH - 1) + "…";
    }
}
