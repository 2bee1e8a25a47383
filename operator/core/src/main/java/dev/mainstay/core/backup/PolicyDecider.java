package dev.mainstay.core.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicySpec;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.StoredSummary;
import dev.mainstay.api.schedule.DayMatch;
import dev.mainstay.api.schedule.MissedRunPolicy;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.application.JobTemplateRefusal;
import dev.mainstay.core.backup.PolicyClock.Held;
import dev.mainstay.core.backup.PolicyClock.Memory;
import dev.mainstay.core.backup.PolicyDecision.NewBackup;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.schedule.Parsed;
import dev.mainstay.core.schedule.Schedule;
import dev.mainstay.core.schedule.Slot;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Pause;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What is to be done about a BackupPolicy, and what its backups came to: a pure function. */
public final class PolicyDecider {

    /** Longest value that {@code lastRunNow} holds. */
    private static final int RUN_NOW_LENGTH = 253;

    /** What a schedule's refusal may be about that is a field of the spec; all else is a part of the expression. */
    private static final Set<String> OF_THE_SPEC = Set.of("schedule", "timeZone");

    private final PolicyObservation observation;
    private final BackupPolicy policy;
    private final BackupPolicyStatus before;
    private final DatabaseChoice choice;
    private final Optional<Parsed<Schedule>> schedule;
    private final PolicyClock.Reading clock;
    private final PolicyHistory history;
    private final Instant now;

    private PolicyDecider(PolicyObservation observation, Instant now) {
        this.observation = observation;
        this.policy = observation.policy();
        this.before = policy.getStatus();
        this.now = now;
        this.choice = DatabaseChoice.of(policy, observation.application());
        this.schedule = policy.unreadableSpec().isPresent() || ofNewerVersion(policy.getSpec())
                ? Optional.empty()
                : PolicyClock.schedule(policy);
        this.clock = accepted()
                .map(followed -> PolicyClock.read(policy, followed, held(), lastMade(), now))
                .orElseGet(() -> PolicyClock.still(policy));
        this.history = new PolicyHistory(before, observation.backups());
    }

    /** Decides. */
    public static PolicyDecision decide(PolicyObservation observation, Instant now) {
        return new PolicyDecider(observation, now).decide();
    }

    private PolicyDecision decide() {
        String value = fitting(annotation(policy, Annotations.RUN_NOW));
        String handled = before == null ? null : before.lastRunNow();
        boolean runs = value != null
                && !value.isEmpty()
                && !value.equals(handled)
                && pause().isEmpty()
                && choice instanceof DatabaseChoice.Found;
        List<NewBackup> make = Stream.of(runs ? asked(value) : null, clock.due() == null ? null : ofSlot(clock.due()))
                .filter(Objects::nonNull)
                // An earlier pass may have made it and died before its status.
                .filter(backup -> observation.backups().stream()
                        .noneMatch(found -> found.getMetadata().getName().equals(backup.name())))
                .toList();
        Optional<BackupFreshness> freshness = freshness();
        List<DatabaseBackup> remove = policy.unreadableSpec().isPresent()
                ? List.of()
                : Stream.concat(
                                history.moreThan(policy.getSpec().failedHistoryLimit()).stream(),
                                history.expired().stream())
                        .toList();
        return new PolicyDecision(
                make,
                remove,
                status(runs ? value : handled, freshness),
                earliest(clock.wakeUp(), freshness.map(BackupFreshness::until).orElse(null)));
    }

    private NewBackup asked(String value) {
        String name = policy.getMetadata().getName();
        return new NewBackup(
                Names.runNow(name, value), "Annotation " + Annotations.RUN_NOW + " of BackupPolicy " + name, null);
    }

    private Instant lastMade() {
        return observation.backups().stream()
                .flatMap(backup -> SlotBackup.slot(backup).stream())
                .filter(slot -> !slot.isAfter(now))
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private NewBackup ofSlot(Slot slot) {
        String name = policy.getMetadata().getName();
        return new NewBackup(
                Names.slot(name, slot.instant()),
                "Schedule of BackupPolicy " + name + " at " + slot.at(),
                slot.instant());
    }

    private static boolean ofNewerVersion(BackupPolicySpec spec) {
        return spec.dayMatch() == DayMatch.UNRECOGNIZED || spec.missedRunPolicy() == MissedRunPolicy.UNRECOGNIZED;
    }

    private Optional<Schedule> accepted() {
        return schedule.map(parsed -> parsed instanceof Parsed.Accepted<Schedule>(Schedule followed) ? followed : null);
    }

    private Held held() {
        return held(policy, observation.application());
    }

    /** Why nothing new is begun for a policy; null when nothing keeps it from that. */
    static Held held(BackupPolicy policy, ManagedApplication application) {
        return Pause.message(policy)
                .or(() -> Optional.ofNullable(application).flatMap(Pause::message))
                .map(message -> new Held(Reason.PAUSED, message))
                .orElse(
                        policy.getSpec().suspend()
                                ? new Held(
                                        Reason.SUSPENDED,
                                        "spec.suspend is true: no slot of the schedule runs. Set it to false to go on.")
                                : null);
    }

    private BackupPolicyStatus status(String runNow, Optional<BackupFreshness> freshness) {
        Memory memory = clock.memory();
        RestoreTestDecision test = observation.restoreTest();
        return new BackupPolicyStatus(
                policy.getMetadata().getGeneration(),
                conditions(freshness),
                history.lastSuccess(),
                history.lastFailure(),
                history.lastSkipped(memory.lastSkipped()),
                history.consecutiveFailures(),
                stored(),
                observation.preflight(),
                observation.attached(),
                runNow,
                memory.scheduled(),
                memory.lastSlot(),
                memory.nextRuns(),
                memory.missedRuns(),
                memory.skippedRuns(),
                memory.warnings(),
                test == null ? before == null ? null : before.lastRestoreTest() : test.last(),
                test == null ? before == null ? null : before.restoreTest() : test.status());
    }

    /** Nobody counts any more once a policy has no retention. */
    private StoredSummary stored() {
        boolean counted =
                policy.unreadableSpec().isPresent() || policy.getSpec().retention() != null;
        return counted ? history.stored() : null;
    }

    private List<Condition> conditions(Optional<BackupFreshness> freshness) {
        List<Condition> told = before == null ? List.of() : before.conditions();
        Conditions conditions = new Conditions(told, policy.getMetadata().getGeneration(), now);
        Optional<String> invalid = invalidSchedule();
        if (choice instanceof DatabaseChoice.Missing(Reason reason, String message)) {
            conditions.stalled(reason, message);
        } else if (invalid.isPresent()) {
            conditions.stalled(Reason.INVALID_SPEC, invalid.get());
        } else {
            ready(conditions, (DatabaseChoice.Found) choice);
        }
        new PolicyFindings(policy, history, observation.preflight()).tell(conditions);
        freshness.ifPresent(found -> conditions.set(
                "BackupFresh",
                found.fresh() ? ConditionStatus.TRUE : ConditionStatus.FALSE,
                found.fresh() ? Reason.FRESH : Reason.STALE,
                found.message()));
        if (observation.restoreTest() == null) {
            conditions.keep(RestoreTestVerdict.CONDITION);
        } else if (observation.restoreTest().verdict() != null) {
            observation.restoreTest().verdict().tell(conditions);
        }
        return conditions.list();
    }

    private Optional<String> invalidSchedule() {
        if (policy.unreadableSpec().isPresent()) {
            return Optional.empty();
        }
        String self = "BackupPolicy " + policy.getMetadata().getName();
        if (ofNewerVersion(policy.getSpec())) {
            return Optional.of(
                    self + ": spec.dayMatch or spec.missedRunPolicy has a value that this version of Mainstay"
                            + " does not know; it knows Any and All, RunLatest and Skip. Correct it, or upgrade Mainstay.");
        }
        return schedule.filter(Parsed.Refused.class::isInstance)
                .map(Parsed.Refused.class::cast)
                .map(refused -> self + ", spec." + (OF_THE_SPEC.contains(refused.field()) ? "" : "schedule, ")
                        + refused.message());
    }

    private void ready(Conditions conditions, DatabaseChoice.Found found) {
        BackupPolicySpec spec = policy.getSpec();
        Optional<String> refused = JobTemplateRefusal.told(observation.application());
        Optional<String> paused = pause();
        if (refused.isPresent()) {
            conditions.stalled(Reason.INVALID_SPEC, refused.get());
        } else if (paused.isPresent()) {
            conditions.ready(Reason.PAUSED, paused.get() + " A backup that is asked for now is made then.");
        } else if (schedule.isPresent() && spec.suspend()) {
            conditions.ready(Reason.SUSPENDED, held().message());
        } else {
            conditions.ready(
                    Reason.READY,
                    "Backups of database " + found.database().name() + " of ManagedApplication "
                            + spec.applicationRef().name() + " go to bucket "
                            + spec.storage().s3().bucket()
                            + (schedule.isPresent()
                                    ? " at \"" + spec.schedule() + "\" in " + spec.timeZone() + ". Create"
                                    : ". Create")
                            + " a DatabaseBackup, or set the annotation " + Annotations.RUN_NOW + ", to make one now.");
        }
    }

    private Optional<String> pause() {
        return Pause.message(policy)
                .or(() -> Optional.ofNullable(observation.application()).flatMap(Pause::message));
    }

    /** Time that is suspended is set aside, and what was found before it says nothing of now. */
    private Optional<BackupFreshness> freshness() {
        return accepted()
                .filter(followed -> clock.memory().scheduled().held() == null)
                .map(followed -> BackupFreshness.of(
                        policy.getSpec(),
                        followed,
                        history.lastGood(policy.getSpec().verification().afterBackup()),
                        clock.memory().scheduled().since(),
                        now));
    }

    private static Instant earliest(Instant one, Instant other) {
        return one == null || other != null && other.isBefore(one) ? other : one;
    }

    /** An annotation may be longer than the field that notes it; what doesn't fit would be refused with the whole status. */
    private static String fitting(String value) {
        return value == null ? null : Names.cut(value, RUN_NOW_LENGTH);
    }

    private static String annotation(HasMetadata object, String name) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(name);
    }
}
