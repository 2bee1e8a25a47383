package dev.mainstay.core.backup;

import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupSize;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.Failure;
import dev.mainstay.api.backup.Progress;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.backup.Verified;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
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

/** The whole status that follows from a decision: a pure function, never less than was observed. */
public final class BackupReport {

    private final DatabaseBackup backup;
    private final DatabaseBackupStatus before;
    private final Instant now;

    private BackupReport(DatabaseBackup backup, Instant now) {
        this.backup = backup;
        this.before = backup.getStatus() == null
                ? new DatabaseBackupStatus(
                        null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                        null)
                : backup.getStatus();
        this.now = now;
    }

    /** The status to be written; equal to the one observed when nothing has changed. */
    public static DatabaseBackupStatus of(DatabaseBackup backup, BackupDecision decision, Instant now) {
        return new BackupReport(backup, now).status(decision);
    }

    private DatabaseBackupStatus status(BackupDecision decision) {
        return switch (decision) {
            case BackupDecision.Finished ignored -> before;
            case BackupDecision.EndJob ignored -> before;
            case BackupDecision.LeaveAlone ignored -> before;
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

    private DatabaseBackupStatus watching(BackupDecision.Watch watch) {
        boolean started = watch.attempt().startedAt() != null;
        boolean verifying = watch.reason() == Reason.VERIFYING;
        BackupPhase phase = verifying
                ? BackupPhase.VERIFYING
                : started && watch.reason() == Reason.IN_PROGRESS ? BackupPhase.RUNNING : phase(BackupPhase.PENDING);
        return working(
                Attempts.with(before.attempts(), watch.attempt()),
                phase,
                progress(watch.progress()),
                conditions().reconciling(watch.reason(), watch.message()));
    }

    private DatabaseBackupStatus givenUp(BackupDecision.GiveUpAttempt given) {
        DatabaseBackupStatus status = working(
                Attempts.with(before.attempts(), given.attempt()),
                BackupPhase.PENDING,
                null,
                conditions()
                        .reconciling(
                                Reason.of(given.failure().reason()).orElse(Reason.INTERNAL),
                                "Attempt " + given.attempt().number() + " failed: "
                                        + given.failure().message()));
        return withFailure(status, given.failure());
    }

    private DatabaseBackupStatus committed(BackupDecision.Commit commit) {
        DatabaseBackupStatus working = working(
                Attempts.with(before.attempts(), commit.attempt()),
                BackupPhase.VERIFYING,
                null,
                conditions()
                        .reconciling(
                                Reason.VERIFYING,
                                "Attempt " + commit.attempt().number()
                                        + " turned out to be committed; it is read back."));
        return withFacts(working, commit.attempt(), commit.committed());
    }

    private DatabaseBackupStatus succeeded(BackupDecision.Succeed succeed) {
        DatabaseBackupStatus facts =
                succeed.committed() == null ? before : withFacts(before, succeed.attempt(), succeed.committed());
        VerificationLevel level = facts.verified() == null
                ? VerificationLevel.NONE
                : facts.verified().level();
        String message = "The backup is at " + facts.location() + ", proven by " + level.text() + "."
                + (succeed.unproven() == null
                        ? ""
                        : " It could not be proven further ("
                                + succeed.unproven().reason() + "): "
                                + succeed.unproven().message());
        Conditions conditions = finished(Reason.SUCCEEDED, message)
                .ready(Reason.SUCCEEDED, message)
                .set("Succeeded", ConditionStatus.TRUE, Reason.SUCCEEDED, message);
        return end(facts, succeed.attempt(), BackupPhase.SUCCEEDED, succeed.unproven(), conditions);
    }

    private DatabaseBackupStatus unsuccessful(BackupPhase phase, Failure failure) {
        Reason reason = Reason.of(failure.reason()).orElse(Reason.INTERNAL);
        Conditions conditions = finished(reason, failure.message())
                .stalled(reason, failure.message())
                .set("Succeeded", ConditionStatus.FALSE, reason, failure.message());
        return end(before, null, phase, failure, conditions);
    }

    private Conditions finished(Reason reason, String message) {
        return conditions().set("Finished", ConditionStatus.TRUE, reason, message);
    }

    private DatabaseBackupStatus end(
            DatabaseBackupStatus facts, Attempt attempt, BackupPhase phase, Failure failure, Conditions conditions) {
        List<Attempt> attempts = attempt == null ? before.attempts() : Attempts.with(before.attempts(), attempt);
        Instant started = startedAt(attempts);
        Instant completed = Attempts.seconds(now);
        return new DatabaseBackupStatus(
                backup.getMetadata().getGeneration(),
                conditions.list(),
                phase,
                SlotBackup.slot(backup).orElse(null),
                started,
                completed,
                started == null ? null : Durations.format(Duration.between(started, completed)),
                phase == BackupPhase.SUCCEEDED ? finalProgress(facts) : null,
                facts.location(),
                facts.size(),
                facts.serverVersion(),
                facts.snapshotAt(),
                facts.lsn(),
                facts.sha256(),
                facts.verified(),
                attempts,
                cut(failure));
    }

    private static Progress finalProgress(DatabaseBackupStatus facts) {
        return facts.size() == null ? null : new Progress(facts.size().storedBytes(), 100, null);
    }

    private DatabaseBackupStatus working(
            List<Attempt> attempts, BackupPhase phase, Progress progress, Conditions conditions) {
        return new DatabaseBackupStatus(
                backup.getMetadata().getGeneration(),
                conditions.list(),
                phase,
                SlotBackup.slot(backup).orElse(null),
                startedAt(attempts),
                null,
                null,
                progress,
                before.location(),
                before.size(),
                before.serverVersion(),
                before.snapshotAt(),
                before.lsn(),
                before.sha256(),
                before.verified(),
                attempts,
                before.failure());
    }

    private DatabaseBackupStatus withFacts(DatabaseBackupStatus status, Attempt attempt, CommittedBackup committed) {
        return new DatabaseBackupStatus(
                status.observedGeneration(),
                status.conditions(),
                status.phase(),
                status.slot(),
                status.startedAt(),
                status.completedAt(),
                status.duration(),
                status.progress(),
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
                status.attempts(),
                status.failure());
    }

    private static DatabaseBackupStatus withFailure(DatabaseBackupStatus status, Failure failure) {
        return new DatabaseBackupStatus(
                status.observedGeneration(),
                status.conditions(),
                status.phase(),
                status.slot(),
                status.startedAt(),
                status.completedAt(),
                status.duration(),
                status.progress(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                status.attempts(),
                cut(failure));
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
