package dev.mainstay.core.backup;

import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupSize;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.Progress;
import dev.mainstay.api.backup.RetentionOutcome;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.backup.Verified;
import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.ByteSizes;
import dev.mainstay.core.Durations;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskProgress;
import dev.mainstay.core.task.TaskProgress.Stage;
import dev.mainstay.core.task.TaskResult.CommittedBackup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The whole status that follows from a decision: a pure function, never less than was observed. */
public final class BackupReport {

    /** The condition that a backup has which was cancelled when it had finished. */
    public static final String CANCELLED = "Cancelled";

    /** What is told of a task whose container runs, or is being ended. */
    private static final Set<Reason> RUNNING = Set.of(Reason.IN_PROGRESS, Reason.CANCELLED, Reason.PREEMPTED);

    private final DatabaseBackup backup;
    private final DatabaseBackupStatus before;
    private final Instant now;
    private HeldClaim claim;

    private BackupReport(DatabaseBackup backup, Instant now) {
        this.backup = backup;
        this.before = backup.getStatus() == null ? DatabaseBackupStatus.NONE : backup.getStatus();
        this.now = now;
        this.claim = before.claim();
    }

    /** The status to be written; equal to the one observed when nothing has changed. */
    public static DatabaseBackupStatus of(DatabaseBackup backup, BackupDecision decision, Instant now) {
        return decision instanceof BackupDecision.AwaitStatus
                ? backup.getStatus()
                : new BackupReport(backup, now).status(decision);
    }

    /** The status of a backup that succeeded once and whose data is gone: all that is known of it stays. */
    public static DatabaseBackupStatus expired(DatabaseBackup backup, Instant now) {
        return new BackupReport(backup, now).expired();
    }

    /** The status of one that was made for what lay in the bucket: as if it had been there all the time. */
    static DatabaseBackupStatus attached(
            DatabaseBackup backup, Attempt attempt, CommittedBackup committed, Instant now) {
        BackupReport report = new BackupReport(backup, now);
        Facts facts = Facts.of(attempt, committed);
        return report.status(
                List.of(attempt),
                BackupPhase.SUCCEEDED,
                committed.committedAt(),
                finalProgress(facts),
                facts,
                null,
                report.succeeded(facts, null));
    }

    private DatabaseBackupStatus expired() {
        String message = "There was a backup at " + before.location() + ". At " + Attempts.seconds(now)
                + " its data was found gone: no rule of spec.retention of BackupPolicy "
                + backup.getSpec().policyRef().name() + " kept it.";
        return otherwiseAsBefore(
                BackupPhase.EXPIRED,
                finished(Reason.EXPIRED, message)
                        .ready(Reason.EXPIRED, message)
                        .set("Succeeded", ConditionStatus.TRUE, Reason.EXPIRED, message)
                        .keep(CANCELLED));
    }

    /** The status of a finished backup that is being deleted, and waits for its data to be removed. */
    public static DatabaseBackupStatus removing(DatabaseBackup backup, String message, Instant now) {
        BackupReport report = new BackupReport(backup, now);
        return report.otherwiseAsBefore(
                report.before.phase(),
                report.conditions()
                        .reconciling(Reason.REMOVING, message)
                        .keep("Finished")
                        .keep("Succeeded"));
    }

    /** A person who cancels what is over must not believe that anything was cancelled. */
    private DatabaseBackupStatus finished() {
        Optional<String> tooLate = Ending.tooLate(backup);
        if (tooLate.isEmpty() && Conditions.find(before.conditions(), CANCELLED).isEmpty()) {
            return before;
        }
        Conditions conditions = conditions();
        before.conditions().stream()
                .map(Condition::type)
                .filter(type -> !type.equals(CANCELLED))
                .forEach(conditions::keep);
        tooLate.ifPresent(
                message -> conditions.set(CANCELLED, ConditionStatus.FALSE, Reason.ALREADY_FINISHED, message));
        return otherwiseAsBefore(before.phase(), conditions);
    }

    private DatabaseBackupStatus otherwiseAsBefore(BackupPhase phase, Conditions conditions) {
        return status(
                before.attempts(),
                phase,
                before.completedAt(),
                before.progress(),
                Facts.of(before),
                before.failure(),
                conditions);
    }

    private DatabaseBackupStatus status(BackupDecision decision) {
        return switch (decision) {
            case BackupDecision.Finished ignored -> finished();
            case BackupDecision.EndJob ignored -> before;
            case BackupDecision.Expire ignored -> before;
            case BackupDecision.LeaveAlone ignored -> before;
            case BackupDecision.AwaitStatus ignored -> before;
            case BackupDecision.LookAgain ignored -> undecided();
            case BackupDecision.TakeClaim ignored -> before;
            case BackupDecision.Begin begin -> claiming(begin.claim(), begin.intend());
            case BackupDecision.AwaitClaim await -> claiming(await.claim(), await.waiting());
            case BackupDecision.Stuck stuck ->
                working(
                        before.attempts(),
                        phase(BackupPhase.PENDING),
                        before.progress(),
                        conditions().stalled(stuck.reason(), stuck.message()));
            case BackupDecision.Wait wait ->
                working(
                        before.attempts(),
                        phase(BackupPhase.PENDING),
                        null,
                        conditions().reconciling(wait.reason(), wait.message()));
            case BackupDecision.Intend intend ->
                working(
                        Attempts.with(before.attempts(), intend.attempt()),
                        phase(BackupPhase.PENDING),
                        null,
                        conditions().reconciling(intend.reason(), intend.message()));
            case BackupDecision.MakeJob make ->
                working(
                        before.attempts(),
                        phase(BackupPhase.PENDING),
                        null,
                        conditions().reconciling(Reason.STARTING, "Job " + make.name() + " is being made."));
            case BackupDecision.Watch watch -> watching(watch);
            case BackupDecision.Commit commit -> committed(commit);
            case BackupDecision.GiveUpAttempt given -> givenUp(given);
            case BackupDecision.Succeed succeed -> succeeded(succeed);
            case BackupDecision.Fail fail -> unsuccessful(BackupPhase.FAILED, fail.failure());
            case BackupDecision.Skip skip -> unsuccessful(BackupPhase.SKIPPED, skip.why());
        };
    }

    /** An object that nothing was told of yet gets its first words; of any other one what was told still holds. */
    private DatabaseBackupStatus undecided() {
        return before.conditions().isEmpty()
                ? working(
                        before.attempts(),
                        phase(BackupPhase.PENDING),
                        null,
                        conditions()
                                .reconciling(
                                        Reason.STARTING,
                                        "Who works on its ManagedApplication could not be written down just now; this"
                                                + " backup asks again."))
                : before;
    }

    private DatabaseBackupStatus claiming(HeldClaim held, BackupDecision decision) {
        claim = held;
        return status(decision);
    }

    private DatabaseBackupStatus watching(BackupDecision.Watch watch) {
        boolean started = watch.attempt().startedAt() != null;
        boolean verifying = watch.reason() == Reason.VERIFYING;
        BackupPhase phase = verifying
                ? BackupPhase.VERIFYING
                : started && RUNNING.contains(watch.reason()) ? BackupPhase.RUNNING : phase(BackupPhase.PENDING);
        return working(
                Attempts.with(before.attempts(), watch.attempt()),
                phase,
                progress(watch.progress()),
                conditions().reconciling(watch.reason(), watch.message()));
    }

    private DatabaseBackupStatus givenUp(BackupDecision.GiveUpAttempt given) {
        return status(
                Attempts.with(before.attempts(), given.attempt()),
                BackupPhase.PENDING,
                null,
                null,
                Facts.NONE,
                given.failure(),
                conditions()
                        .reconciling(
                                Reason.of(given.failure().reason()).orElse(Reason.INTERNAL_ERROR),
                                "Attempt " + given.attempt().number() + " failed: "
                                        + given.failure().message()));
    }

    private DatabaseBackupStatus committed(BackupDecision.Commit commit) {
        return status(
                Attempts.with(before.attempts(), commit.attempt()),
                BackupPhase.VERIFYING,
                null,
                null,
                Facts.of(commit.attempt(), commit.committed()),
                before.failure(),
                conditions()
                        .reconciling(
                                Reason.VERIFYING,
                                "Attempt " + commit.attempt().number()
                                        + " turned out to be committed; it is read back."));
    }

    private DatabaseBackupStatus succeeded(BackupDecision.Succeed succeed) {
        Facts facts = succeed.committed() == null
                ? Facts.of(before)
                : Facts.of(succeed.attempt(), succeed.committed()).with(BackupRetention.outcome(succeed.retention()));
        Conditions conditions = succeeded(facts, succeed.unproven());
        return end(facts, succeed.attempt(), BackupPhase.SUCCEEDED, succeed.unproven(), conditions);
    }

    private Conditions succeeded(Facts facts, Failure unproven) {
        VerificationLevel level = facts.verified == null ? VerificationLevel.NONE : facts.verified.level();
        String message = "The backup is at " + facts.location
                + (level == VerificationLevel.NONE ? "; it was not read back." : ", proven by " + level.text() + ".")
                + (unproven == null
                        ? ""
                        : " It could not be proven further (" + unproven.reason() + "): " + unproven.message());
        return finished(Reason.SUCCEEDED, message)
                .ready(Reason.SUCCEEDED, message)
                .set("Succeeded", ConditionStatus.TRUE, Reason.SUCCEEDED, message);
    }

    private DatabaseBackupStatus unsuccessful(BackupPhase phase, Failure failure) {
        Reason reason = Reason.of(failure.reason()).orElse(Reason.INTERNAL_ERROR);
        Conditions conditions = finished(reason, failure.message())
                .stalled(reason, failure.message())
                .set("Succeeded", ConditionStatus.FALSE, reason, failure.message());
        return end(Facts.of(before), null, phase, failure, conditions);
    }

    private Conditions finished(Reason reason, String message) {
        return conditions().set("Finished", ConditionStatus.TRUE, reason, message);
    }

    private DatabaseBackupStatus end(
            Facts facts, Attempt attempt, BackupPhase phase, Failure failure, Conditions conditions) {
        List<Attempt> attempts = attempt == null ? before.attempts() : Attempts.with(before.attempts(), attempt);
        return status(
                attempts,
                phase,
                Attempts.seconds(now),
                phase == BackupPhase.SUCCEEDED ? finalProgress(facts) : null,
                facts,
                failure,
                conditions);
    }

    private static Progress finalProgress(Facts facts) {
        return facts.size == null ? null : new Progress(facts.size.storedBytes(), 100, null);
    }

    private DatabaseBackupStatus working(
            List<Attempt> attempts, BackupPhase phase, Progress progress, Conditions conditions) {
        return status(attempts, phase, null, progress, Facts.of(before), before.failure(), conditions);
    }

    private DatabaseBackupStatus status(
            List<Attempt> attempts,
            BackupPhase phase,
            Instant completed,
            Progress progress,
            Facts facts,
            Failure failure,
            Conditions conditions) {
        Instant started = startedAt(attempts);
        return new DatabaseBackupStatus(
                backup.getMetadata().getGeneration(),
                conditions.list(),
                phase,
                SlotBackup.slot(backup).orElse(null),
                started,
                completed,
                started == null || completed == null ? null : Durations.format(Duration.between(started, completed)),
                progress,
                facts.location,
                facts.size,
                facts.serverVersion,
                facts.snapshotAt,
                facts.lsn,
                facts.sha256,
                facts.verified,
                facts.retention,
                claim,
                attempts,
                cut(failure));
    }

    /** What is known of the committed backup. */
    private record Facts(
            String location,
            BackupSize size,
            String serverVersion,
            Instant snapshotAt,
            String lsn,
            String sha256,
            Verified verified,
            RetentionOutcome retention) {

        static final Facts NONE = of(DatabaseBackupStatus.NONE);

        static Facts of(DatabaseBackupStatus status) {
            return new Facts(
                    status.location(),
                    status.size(),
                    status.serverVersion(),
                    status.snapshotAt(),
                    status.lsn(),
                    status.sha256(),
                    status.verified(),
                    status.retention());
        }

        static Facts of(Attempt attempt, CommittedBackup committed) {
            return new Facts(
                    attempt.path(),
                    new BackupSize(
                            ByteSizes.format(committed.databaseBytes()),
                            ByteSizes.format(committed.storedBytes()),
                            committed.storedBytes()),
                    committed.serverVersion(),
                    committed.snapshotAt(),
                    committed.lsn(),
                    committed.manifestSha256(),
                    new Verified(committed.verified(), committed.verifiedAt(), committed.rows()),
                    null);
        }

        Facts with(RetentionOutcome outcome) {
            return new Facts(location, size, serverVersion, snapshotAt, lsn, sha256, verified, outcome);
        }
    }

    private static Failure cut(Failure failure) {
        return failure == null
                ? null
                : new Failure(failure.reason(), Conditions.cut(failure.message()), failure.logTail());
    }

    /** A phase never goes back to waiting while a task of a later phase is being waited for. */
    private BackupPhase phase(BackupPhase otherwise) {
        boolean verifying = FollowUp.committed(before);
        return verifying ? BackupPhase.VERIFYING : otherwise;
    }

    private Progress progress(TaskProgress progress) {
        if (progress == null) {
            return before.progress();
        }
        return progress.stage() == Stage.PREFLIGHT
                ? null
                : new Progress(progress.bytes(), progress.percent(), progress.table());
    }

    private Conditions conditions() {
        List<Condition> conditions = before.conditions();
        return new Conditions(conditions, backup.getMetadata().getGeneration(), now);
    }

    private static Instant startedAt(List<Attempt> attempts) {
        return attempts.stream()
                .map(Attempt::startedAt)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
