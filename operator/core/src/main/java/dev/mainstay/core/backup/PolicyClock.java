package dev.mainstay.core.backup;

import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicySpec;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.RestoreTestStatus;
import dev.mainstay.api.schedule.NextRun;
import dev.mainstay.api.schedule.Scheduled;
import dev.mainstay.api.schedule.SkippedRuns;
import dev.mainstay.api.schedule.SkippedSlot;
import dev.mainstay.core.Durations;
import dev.mainstay.core.schedule.Jitter;
import dev.mainstay.core.schedule.Parsed;
import dev.mainstay.core.schedule.Schedule;
import dev.mainstay.core.schedule.ScheduleWarnings;
import dev.mainstay.core.schedule.Slot;
import dev.mainstay.core.schedule.SlotDecider;
import dev.mainstay.core.schedule.SlotDecision;
import dev.mainstay.core.schedule.SlotDecision.Outcome;
import dev.mainstay.core.schedule.SlotObservation;
import dev.mainstay.core.schedule.SlotRecord;
import dev.mainstay.core.schedule.Warning;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one of a policy's two schedules, that of its backups or that of its restore tests, asks for now, and what is remembered
 * of it: a pure function.
 */
final class PolicyClock {

    private static final int NEXT_RUNS = 3;

    /**
     * What the clock shows.
     *
     * @param due the slot at which something is to be done; null when there is nothing
     * @param memory what the policy's status remembers
     * @param wakeUp when to look again; null when time alone changes nothing
     */
    record Reading(Slot due, Memory memory, Instant wakeUp) {}

    /**
     * What the policy's status remembers; the backup of the slot that is due has to exist first.
     *
     * @param scheduled what the slots are counted by; null without a schedule
     * @param lastSlot the last slot that is handled; null when none ever was
     * @param nextRuns the next slots
     * @param missedRuns slots missed since the policy was made; null when it never had a schedule
     * @param skippedRuns slots skipped since the policy was made, by reason
     * @param lastSkipped the newest slot at which nothing was made; null when there is none
     * @param warnings what may not be meant as it is written
     */
    record Memory(
            Scheduled scheduled,
            Instant lastSlot,
            List<NextRun> nextRuns,
            Long missedRuns,
            List<SkippedRuns> skippedRuns,
            SkippedSlot lastSkipped,
            List<String> warnings) {

        /** As it stands in a status. */
        static Memory of(BackupPolicyStatus status) {
            return status == null
                    ? new Memory(null, null, null, null, List.of(), null, null)
                    : new Memory(
                            status.scheduled(),
                            status.lastSlot(),
                            status.nextRuns(),
                            status.missedRuns(),
                            status.skippedRuns(),
                            status.lastSkipped(),
                            status.warnings());
        }

        /** Of the restore tests, as it stands in a status. */
        static Memory of(RestoreTestStatus status) {
            return status == null
                    ? new Memory(null, null, null, null, List.of(), null, null)
                    : new Memory(
                            status.scheduled(),
                            status.lastSlot(),
                            null,
                            status.missedRuns(),
                            List.of(),
                            status.lastSkipped(),
                            null);
        }
    }

    /** Why slots are skipped, for as long as that lasts. */
    record Held(Reason reason, String message) {}

    private final BackupPolicy policy;
    private final BackupPolicySpec spec;
    private final String cron;
    private final Memory before;
    private final String late;
    private final Instant lastMade;
    private final Instant now;

    private PolicyClock(BackupPolicy policy, String cron, Memory before, String late, Instant lastMade, Instant now) {
        this.lastMade = lastMade;
        this.policy = policy;
        this.spec = policy.getSpec();
        this.cron = cron;
        this.before = before;
        this.late = late;
        this.now = now;
    }

    /** The schedule of a policy whose spec is readable; empty when it has none. */
    static Optional<Parsed<Schedule>> schedule(BackupPolicy policy) {
        return Optional.ofNullable(policy.getSpec().schedule()).map(cron -> parse(policy, cron));
    }

    /** A schedule in the policy's zone. */
    static Parsed<Schedule> parse(BackupPolicy policy, String cron) {
        BackupPolicySpec spec = policy.getSpec();
        return Schedule.parse(cron, spec.timeZone(), spec.dayMatch());
    }

    /** What a policy without a schedule remembers, or one whose schedule can't be followed: what was counted stays. */
    static Reading still(BackupPolicy policy) {
        Memory before = Memory.of(policy.getStatus());
        return new Reading(
                null,
                new Memory(
                        null,
                        before.lastSlot(),
                        null,
                        before.missedRuns(),
                        before.skippedRuns(),
                        before.lastSkipped(),
                        null),
                null);
    }

    /**
     * Reads the clock of the backups.
     *
     * @param held why slots are skipped just now; null when they run
     * @param lastMade the last slot until now of which there is a backup; null when there is none
     */
    static Reading read(BackupPolicy policy, Schedule schedule, Held held, Instant lastMade, Instant now) {
        return new PolicyClock(
                        policy,
                        policy.getSpec().schedule(),
                        Memory.of(policy.getStatus()),
                        "Raise it, or annotate the policy to make a backup now.",
                        lastMade,
                        now)
                .read(schedule, held);
    }

    /** Reads the clock of the restore tests. */
    static Reading readTests(BackupPolicy policy, Schedule schedule, Held held, Instant now) {
        BackupPolicyStatus status = policy.getStatus();
        return new PolicyClock(
                        policy,
                        policy.getSpec().verification().restoreTest().schedule(),
                        Memory.of(status == null ? null : status.restoreTest()),
                        "Raise it if a later test is of use.",
                        null,
                        now)
                .read(schedule, held);
    }

    private Reading read(Schedule schedule, Held held) {
        Scheduled scheduled = scheduled(held);
        SlotDecision decision = SlotDecider.decide(
                new SlotObservation(
                        schedule,
                        lastSlot(),
                        scheduled.since(),
                        Jitter.of(policy.getMetadata().getUid(), Durations.parse(spec.jitter())),
                        Durations.parse(spec.startingDeadline()),
                        spec.missedRunPolicy()),
                now);
        boolean runs = held == null && decision.outcome() == Outcome.RUN;
        long passed = decision.missed() + (held != null && decision.outcome() == Outcome.RUN ? 1 : 0);
        return new Reading(
                runs ? decision.slot() : null,
                new Memory(
                        scheduled,
                        decision.lastSlot(),
                        nextRuns(schedule, decision.next()),
                        missedRuns() + (held == null ? passed : 0),
                        held == null
                                ? before.skippedRuns()
                                : SlotRecord.skipped(
                                        before.skippedRuns(), held.reason().text(), passed),
                        passed == 0 ? before.lastSkipped() : skipped(schedule, decision, held),
                        warnings(schedule, decision)),
                decision.wakeUp());
    }

    /** A backup that is there was not missed, though the pass that made it may have ended before it wrote that down. */
    private Instant lastSlot() {
        Instant written = before.lastSlot();
        return lastMade == null || written != null && written.isAfter(lastMade) ? written : lastMade;
    }

    /** No slot before this one's beginning is run: neither after an edit (kubernetes issue 63371) nor after a pause (45825). */
    private Scheduled scheduled(Held held) {
        Scheduled was = before.scheduled();
        boolean same = was != null
                && cron.equals(was.schedule())
                && spec.timeZone().equals(was.timeZone())
                && spec.dayMatch() == was.dayMatch();
        boolean resumed = was != null && was.held() != null && held == null;
        boolean isNew =
                policy.getStatus() == null || policy.getStatus().conditions().isEmpty();
        Instant since = same && !resumed
                ? was.since()
                : isNew
                        ? Instant.parse(policy.getMetadata().getCreationTimestamp())
                        : now.truncatedTo(ChronoUnit.SECONDS);
        return new Scheduled(
                cron,
                spec.timeZone(),
                spec.dayMatch(),
                since,
                held == null ? null : held.reason().text());
    }

    private static List<NextRun> nextRuns(Schedule schedule, Slot first) {
        List<NextRun> runs = new ArrayList<>();
        Slot slot = first;
        while (runs.size() < NEXT_RUNS) {
            runs.add(new NextRun(slot.at().toString(), slot.shift().isEmpty() ? null : slot.shift()));
            slot = schedule.next(slot.instant());
        }
        return runs;
    }

    private long missedRuns() {
        return before.missedRuns() == null ? 0 : before.missedRuns();
    }

    private SkippedSlot skipped(Schedule schedule, SlotDecision decision, Held held) {
        if (held != null) {
            return new SkippedSlot(decision.slot().instant(), held.reason().text(), held.message());
        }
        return switch (decision.outcome()) {
            case RUN ->
                missed(
                        schedule.previous(decision.slot().instant()),
                        "Nothing ran the schedule then; of what was missed the latest slot runs.");
            case TOO_LATE ->
                missed(
                        decision.slot(),
                        "Nothing ran the schedule until spec.startingDeadline, " + spec.startingDeadline()
                                + ", was over. " + late);
            case NOT_CAUGHT_UP, NOTHING_DUE ->
                missed(decision.slot(), "Nothing ran the schedule then, and spec.missedRunPolicy is Skip.");
        };
    }

    private static SkippedSlot missed(Slot slot, String message) {
        return new SkippedSlot(slot.instant(), Reason.MISSED.text(), message);
    }

    private List<String> warnings(Schedule schedule, SlotDecision decision) {
        List<String> warnings = new ArrayList<>();
        ScheduleWarnings.of(schedule, now).stream().map(Warning::message).forEach(warnings::add);
        ScheduleWarnings.ofStartingDeadline(Durations.parse(spec.startingDeadline()))
                .map(Warning::message)
                .ifPresent(warnings::add);
        if (decision.clockBehind()) {
            warnings.add("lastSlot: it lies after the next slot, so the clock was put back; no slot runs until it has"
                    + " caught up");
        }
        return warnings.isEmpty() ? null : warnings;
    }
}
