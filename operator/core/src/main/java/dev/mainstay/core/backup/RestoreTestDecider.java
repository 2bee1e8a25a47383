package dev.mainstay.core.backup;

import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.LastRestoreTest;
import dev.mainstay.api.backup.RestoreTest;
import dev.mainstay.api.backup.RestoreTestOutcome;
import dev.mainstay.api.backup.RestoreTestStatus;
import dev.mainstay.api.backup.RestoreTestStatus.Passed;
import dev.mainstay.api.backup.RestoreTestStatus.Running;
import dev.mainstay.api.schedule.NextRun;
import dev.mainstay.api.schedule.Scheduled;
import dev.mainstay.api.schedule.SkippedSlot;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.Durations;
import dev.mainstay.core.backup.RestoreTestDecision.Make;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.schedule.Parsed;
import dev.mainstay.core.schedule.Schedule;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * When a policy's newest backup is restored to be tested, and what that came to. A test is written down before its Job is
 * made, and the Job's name follows from the slot and its number, so it is made once. A restore that somebody asks for goes
 * first: no test begins beside it, and one that runs is ended and begun again afterwards.
 */
public final class RestoreTestDecider {

    /** What keeps a test from its Job is told by no event. */
    public static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private static final Duration NOTED_WITHIN = Duration.ofSeconds(1);

    /** Each may have been ended in favour of a restore, or by a node that went away. */
    private static final int MOST_JOBS = 50;

    /** Reasons that say nothing of the backup, and may pass. */
    private static final Set<Reason> PASSING = EnumSet.of(
            Reason.CONNECTION_FAILED,
            Reason.STORAGE_UNREACHABLE,
            Reason.ANOTHER_RUNNER,
            Reason.LOCK_TIMEOUT,
            Reason.POD_FAILED,
            Reason.SERVER_FAILED,
            Reason.UNSCHEDULABLE,
            Reason.IMAGE_PULL_FAILED,
            Reason.QUOTA_EXCEEDED,
            Reason.INTERNAL_ERROR);

    private final RestoreTestObservation observation;
    private final BackupPolicy policy;
    private final RestoreTest spec;
    private final RestoreTestStatus before;
    private final Instant now;
    private LastRestoreTest last;
    private Passed passed;
    private Running running;
    private SkippedSlot skipped;
    private long missed;
    private Make make;
    private String end;
    private Instant lookAgain;

    private RestoreTestDecider(RestoreTestObservation observation, Instant now) {
        BackupPolicyStatus status = observation.policy().getStatus();
        this.observation = observation;
        this.policy = observation.policy();
        this.spec = policy.getSpec().verification().restoreTest();
        this.now = now;
        this.before = status == null || status.restoreTest() == null
                ? new RestoreTestStatus(null, null, null, null, null, null, null, null)
                : status.restoreTest();
        this.last = status == null ? null : status.lastRestoreTest();
        this.passed = before.lastPassed();
        this.running = before.running();
        this.skipped = before.lastSkipped();
    }

    /** Whether there is anything to be decided. */
    public static boolean concerns(BackupPolicy policy) {
        return policy.unreadableSpec().isEmpty()
                && (policy.getSpec().verification().restoreTest() != null
                        || policy.getStatus() != null && policy.getStatus().restoreTest() != null);
    }

    /** Decides; of a policy that is {@link #concerns concerned} alone. */
    public static RestoreTestDecision decide(RestoreTestObservation observation, Instant now) {
        RestoreTestDecider decider = new RestoreTestDecider(observation, now);
        return decider.spec == null ? decider.noLonger() : decider.decide();
    }

    private RestoreTestDecision noLonger() {
        endJob();
        return new RestoreTestDecision(null, null, null, null, end, null);
    }

    private RestoreTestDecision decide() {
        Parsed<Schedule> parsed = PolicyClock.parse(policy, spec.schedule());
        if (parsed instanceof Parsed.Refused<Schedule> refused) {
            return impossible(
                    null,
                    Reason.INVALID_SPEC,
                    self() + (refused.field().equals("schedule") ? "." : ".schedule, ") + refused.message());
        }
        DatabaseChoice choice = DatabaseChoice.of(policy, observation.application());
        if (choice instanceof DatabaseChoice.Missing(Reason reason, String message)) {
            return impossible(before.scheduled(), reason, message);
        }
        DatabaseChoice.Found found = (DatabaseChoice.Found) choice;
        Optional<Failure> refusal = RestoreTestRefusal.of(policy, found.database());
        if (refusal.isPresent()) {
            return impossible(
                    before.scheduled(),
                    Reason.of(refusal.get().reason()).orElseThrow(),
                    refusal.get().message());
        }
        Schedule schedule = ((Parsed.Accepted<Schedule>) parsed).value();
        PolicyClock.Held held = PolicyDecider.held(policy, observation.application());
        PolicyClock.Reading clock = PolicyClock.readTests(policy, schedule, held, now);
        skipped = clock.memory().lastSkipped();
        missed = clock.memory().missedRuns();
        if (running != null) {
            goOn(found, held);
        }
        if (clock.due() != null) {
            begin(clock.due().instant(), held);
        }
        List<NextRun> next = clock.memory().nextRuns();
        RestoreTestStatus counted = new RestoreTestStatus(
                clock.memory().scheduled(),
                clock.memory().lastSlot(),
                next.getFirst(),
                missed,
                skipped,
                running,
                passed,
                staleSince());
        RestoreTestVerdict verdict = RestoreTestVerdict.of(policy, schedule, counted, last, held != null, now);
        RestoreTestStatus status = verdict.noted(counted, now);
        return new RestoreTestDecision(
                status, last, verdict, make, end, earliest(clock.wakeUp(), lookAgain, verdict.until()));
    }

    /** What is known stays; a test that runs is left to itself until somebody has mended it. */
    private RestoreTestDecision impossible(Scheduled scheduled, Reason reason, String message) {
        RestoreTestStatus status = new RestoreTestStatus(
                scheduled, before.lastSlot(), null, before.missedRuns(), skipped, running, passed, staleSince());
        return new RestoreTestDecision(status, last, RestoreTestVerdict.impossible(reason, message), null, null, null);
    }

    /** A test that has passed since makes good for it. */
    private Instant staleSince() {
        return passed == null || before.staleSince() == null || passed.at().isBefore(before.staleSince())
                ? before.staleSince()
                : null;
    }

    private void begin(Instant slot, PolicyClock.Held held) {
        if (running != null) {
            boolean begun = make != null || observation.jobs().containsKey(jobName());
            skip(slot, Reason.STILL_RUNNING, RestoreTestObstacle.stillWaiting(observation, running, held, begun));
            return;
        }
        newest().ifPresentOrElse(
                        backup -> plan(slot, backup, 1, 0, null),
                        () -> skip(slot, Reason.BACKUP_NOT_FOUND, "The policy has no backup that has succeeded."));
    }

    private void plan(Instant slot, DatabaseBackup backup, int number, int failures, Instant notBefore) {
        running = new Running(
                slot,
                backup.getMetadata().getName(),
                backup.getStatus().location(),
                number,
                failures,
                notBefore,
                null,
                null);
        lookAgain = now.plusMillis(1);
    }

    private void goOn(DatabaseChoice.Found found, PolicyClock.Held held) {
        String name = jobName();
        JobObservation job = observation.jobs().get(name);
        if (job == null && Boolean.TRUE.equals(running.jobSeen())) {
            again(PodTrouble.withoutResult("the restore test", null), true);
        } else if (job == null) {
            toBeMade(found, held, name);
        } else if (!job.ours()) {
            failed(JobRefusal.foreign(job));
        } else {
            seen();
            Optional<TaskResult> result = job.pod() == null
                    ? Optional.empty()
                    : TaskJson.readResult(job.pod().terminationMessage());
            result.ifPresentOrElse(told -> ended(job, told), () -> watch(job));
        }
    }

    private void seen() {
        running = new Running(
                running.slot(),
                running.backup(),
                running.location(),
                running.number(),
                running.failures(),
                running.notBefore(),
                true,
                null);
    }

    private void toBeMade(DatabaseChoice.Found found, PolicyClock.Held held, String name) {
        lookAgain = now.plus(LOOK_AGAIN);
        Optional<RestoreTestObstacle> obstacle = RestoreTestObstacle.of(observation, held);
        if (RestoreTestObstacle.deadline(policy, running).filter(now::isAfter).isPresent()) {
            tooLate(obstacle.or(() -> RestoreTestObstacle.refusal(running)));
        } else if (running.notBefore() != null && now.isBefore(running.notBefore())) {
            lookAgain = running.notBefore();
        } else if (obstacle.isEmpty()) {
            Instant startBy =
                    Attempts.seconds(now.plus(Durations.parse(policy.getSpec().pendingTimeout())));
            make = new Make(name, RestoreTestTasks.of(observation, found, running, startBy), startBy);
        }
    }

    private void tooLate(Optional<RestoreTestObstacle> obstacle) {
        String message = "It could not begin until spec.startingDeadline, "
                + policy.getSpec().startingDeadline() + ", was over. "
                + obstacle.map(RestoreTestObstacle::message).orElse("Nothing ran the schedule.");
        Reason reason = obstacle.map(RestoreTestObstacle::reason).orElse(Reason.MISSED);
        if (obstacle.filter(RestoreTestObstacle::needsMending).isPresent()) {
            failed(new Failure(reason.text(), message, List.of()));
        } else {
            skip(running.slot(), reason, message);
            running = null;
        }
    }

    private void watch(JobObservation job) {
        lookAgain = now.plus(LOOK_AGAIN);
        boolean started = job.pod() != null && job.pod().started();
        Optional<Failure> outgrown = PodEviction.outgrown(job);
        if (job.dead(now) && outgrown.isPresent()) {
            failed(outgrown.get());
        } else if (job.dead(now)) {
            // Whether it was ended in favour of a restore or by somebody else: nobody knows.
            again(PodTrouble.withoutResult("the restore test", job), !job.ending());
        } else if (!started && ActiveAttempt.startTimeIsOver(job, now)) {
            end = job.canBeEnded() ? job.name() : null;
            again(PodTrouble.notStarted(job), true);
        } else if (observation.restoring() != null && job.canBeEnded()) {
            end = job.name();
        }
    }

    private void ended(JobObservation job, TaskResult result) {
        RestoreReport.Copy copy =
                result.restore() == null ? null : result.restore().copy();
        if (result.outcome() == Outcome.COMMITTED && copy != null) {
            passed(copy, result.message());
        } else {
            failed(job, new Failure(ActiveAttempt.reason(result), ActiveAttempt.text(result), List.of()));
        }
    }

    /** Nobody's failure is one that was ended in favour of a restore, or whose backup retention removed meanwhile. */
    private void failed(JobObservation job, Failure failure) {
        Reason reason = Reason.of(failure.reason()).orElse(Reason.INTERNAL_ERROR);
        Optional<Failure> outgrown = PodEviction.outgrown(job);
        if (reason != Reason.CANCELLED) {
            again(failure, reason != Reason.BACKUP_NOT_FOUND);
        } else if (outgrown.isPresent()) {
            failed(outgrown.get());
        } else if (job.ending() || observation.restoring() != null) {
            again(failure, false);
        } else {
            String message = failure.message() + " Mainstay did not ask for that: Pod "
                    + job.pod().name() + " was deleted or evicted, or its node was drained."
                    + PodEviction.words(job.pod());
            again(new Failure(Reason.POD_FAILED.text(), message, List.of()), true);
        }
    }

    private void passed(RestoreReport.Copy copy, String message) {
        Instant at = Attempts.seconds(now);
        String time = Durations.format(Duration.ofSeconds(copy.seconds()));
        last = new LastRestoreTest(
                running.slot(),
                running.backup(),
                at,
                RestoreTestOutcome.PASSED,
                time,
                copy.tables(),
                copy.rows(),
                null,
                RestoreTestRemarks.of(copy, message));
        passed = new Passed(running.backup(), running.location(), at, time, copy.tables(), copy.rows());
        // The backup that it restored says so in its own status next.
        lookAgain = now.plus(NOTED_WITHIN);
        running = null;
    }

    /** Begins it again where that may help: with the newest backup, once the planned one is gone. */
    private void again(Failure failure, boolean counts) {
        int failures = running.failures() + (counts ? 1 : 0);
        Reason reason = Reason.of(failure.reason()).orElse(Reason.INTERNAL_ERROR);
        Optional<DatabaseBackup> backup = observation.backups().stream()
                .filter(PolicyHistory::isRestorable)
                .filter(found -> running.location().equals(found.getStatus().location()))
                .findFirst()
                .filter(found -> reason != Reason.BACKUP_NOT_FOUND)
                .or(() -> newest().filter(found ->
                        !running.location().equals(found.getStatus().location())));
        boolean mayPass = !counts
                || PASSING.contains(reason)
                        && failures <= policy.getSpec().retry().limit();
        if (!mayPass || backup.isEmpty()) {
            failed(failure);
            return;
        }
        if (running.number() >= MOST_JOBS) {
            skip(
                    running.slot(),
                    reason,
                    "It was begun with " + MOST_JOBS + " Jobs, and none ran to its end; the last: "
                            + failure.message());
            running = null;
            return;
        }
        plan(
                running.slot(),
                backup.get(),
                running.number() + 1,
                failures,
                Attempts.seconds(
                        counts ? now.plus(RetryRules.delay(policy.getSpec().retry(), failures)) : now));
    }

    private void failed(Failure failure) {
        last = new LastRestoreTest(
                running.slot(),
                running.backup(),
                Attempts.seconds(now),
                RestoreTestOutcome.FAILED,
                null,
                null,
                null,
                failure.reason(),
                Conditions.cut(failure.message()));
        running = null;
    }

    private void skip(Instant slot, Reason reason, String message) {
        missed++;
        skipped = new SkippedSlot(slot, reason.text(), Conditions.cut(message));
    }

    private void endJob() {
        if (running != null) {
            JobObservation job = observation.jobs().get(jobName());
            end = job != null && job.canBeEnded() ? job.name() : null;
        }
    }

    private String jobName() {
        return Names.restoreTest(
                policy.getMetadata().getName(), policy.getMetadata().getUid(), running.slot(), running.number());
    }

    private Optional<DatabaseBackup> newest() {
        return new PolicyHistory(null, observation.backups()).newestRestorable();
    }

    private String self() {
        return "BackupPolicy " + policy.getMetadata().getName() + ", spec.verification.restoreTest";
    }

    private static Instant earliest(Instant... times) {
        return Stream.of(times)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }
}
