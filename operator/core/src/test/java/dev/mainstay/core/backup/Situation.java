package dev.mainstay.core.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupSize;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.backup.Verified;
import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.backup.BackupObservation.ClaimObservation;
import dev.mainstay.core.backup.BackupObservation.Places;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskProgress;
import dev.mainstay.core.task.TaskResult.CommittedBackup;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What stands in the status, which Jobs are seen, and what time it is. */
final class Situation {

    private final DatabaseBackup backup = Shop.backup();
    private final Map<String, JobObservation> jobs = new TreeMap<>();
    private BackupPolicy policy = Shop.policy();
    private ManagedApplication application = Shop.application();
    private ServiceAccountObservation serviceAccount = ServiceAccountObservation.NOT_NAMED;
    private Places places = new Places(0, 20, 0, 5, 0, 5, 0);
    private List<DatabaseBackup> others = List.of();
    private HeldClaim claim = new HeldClaim("shop", "ecommerce", Shop.CREATED, null);
    private ClaimObservation claims = ClaimObservation.NONE;
    private TaskProgress progress;
    private Instant now = Shop.CREATED;
    private BackupPhase phase = BackupPhase.PENDING;
    private List<Attempt> attempts = List.of();
    private List<Condition> conditions = List.of();
    private CommittedBackup committed;
    private Failure failure;

    private Situation() {}

    /** A backup that was just made; all that it names exists. */
    static Situation fresh() {
        return new Situation();
    }

    /** A backup with these attempts, oldest first. */
    static Situation with(AttemptBuilder... attempts) {
        Situation situation = new Situation();
        situation.attempts = Stream.of(attempts).map(AttemptBuilder::build).toList();
        return situation;
    }

    Situation at(String offset) {
        now = Shop.at(offset);
        return this;
    }

    Situation policy(BackupPolicy other) {
        policy = other;
        return this;
    }

    Situation application(ManagedApplication other) {
        application = other;
        return this;
    }

    Situation serviceAccount(ServiceAccountObservation seen) {
        serviceAccount = seen;
        return this;
    }

    Situation places(int running, int runningInNamespace) {
        return places(running, runningInNamespace, 0);
    }

    Situation places(int running, int runningInNamespace, int ahead) {
        places = new Places(running, 20, runningInNamespace, 5, 0, 5, ahead);
        return this;
    }

    /** Dumps of the server that run already. */
    Situation dumpsOnServer(int dumps) {
        places = new Places(dumps, 20, 0, 5, dumps, 5, 0);
        return this;
    }

    Situation job(JobBuilder job) {
        JobObservation built = job.build();
        jobs.put(built.name(), built);
        return this;
    }

    /** It was made for a slot, at that time. */
    Situation slot(String offset) {
        Shop.annotated(backup, Annotations.SLOT, Shop.at(offset).toString());
        return this;
    }

    /** Other backups of its policy. */
    Situation others(DatabaseBackup... seen) {
        others = List.of(seen);
        return this;
    }

    Situation progress(TaskProgress newest) {
        progress = newest;
        return this;
    }

    Situation phase(BackupPhase stands) {
        phase = stands;
        return this;
    }

    /** The status tells already what is committed. */
    Situation committed(VerificationLevel level) {
        committed = TaskResults.facts(level);
        phase = BackupPhase.VERIFYING;
        return this;
    }

    Situation failure(Failure told) {
        failure = told;
        return this;
    }

    Situation unreadableSpec(String why) {
        backup.setSpec(null);
        backup.markUnreadableSpec(why);
        return this;
    }

    Situation cancelled(String why) {
        Shop.annotated(backup, Annotations.CANCEL, why);
        return this;
    }

    /** It has asked for nothing yet. */
    Situation withoutClaim() {
        claim = null;
        return this;
    }

    /** An emergency needs its place. */
    Situation makingRoomFor(Holder emergency) {
        claims = new ClaimObservation(null, emergency);
        return this;
    }

    /** A restore of the application has not ended. */
    Situation restoring() {
        claims = new ClaimObservation(null, null, true);
        return this;
    }

    /** A restore has made it of the database that it was to replace. */
    Situation madeBeforeRestore() {
        backup.getMetadata().setAnnotations(Map.of(Annotations.MADE_BEFORE, "undo"));
        return this;
    }

    /** It was made for what lies at a place of the bucket. */
    Situation attachedFrom(String place) {
        Shop.annotated(backup, Annotations.ATTACHED_FROM, place);
        return this;
    }

    Situation ofRelease(String other) {
        claims = new ClaimObservation(other, null);
        return this;
    }

    /** What was told of it last. */
    Situation told(Reason reason) {
        conditions = new Conditions(List.of(), 1L, now)
                .reconciling(reason, "As told.")
                .list();
        return this;
    }

    Situation conditions(List<Condition> stand) {
        conditions = stand;
        return this;
    }

    Situation paused(String why) {
        Shop.annotated(backup, Annotations.PAUSED, why);
        return this;
    }

    Instant now() {
        return now;
    }

    BackupDecision decide() {
        return BackupDecider.decide(observation(), now);
    }

    /** The Job that what the caches show is not enough to decide on. */
    Optional<String> doubt() {
        return CacheDoubt.of(observation().backup(), claims.makeRoomFor(), jobs, now);
    }

    /** The status that follows from the decision. */
    DatabaseBackupStatus report() {
        return BackupReport.of(observation().backup(), decide(), now);
    }

    DatabaseBackupStatus observed() {
        return observation().backup().getStatus();
    }

    BackupObservation observation() {
        boolean known = committed != null;
        backup.setStatus(new DatabaseBackupStatus(
                1L,
                conditions,
                phase,
                SlotBackup.slot(backup).orElse(null),
                attempts.stream()
                        .map(Attempt::startedAt)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                null,
                null,
                null,
                known ? attempts.getLast().path() : null,
                known ? new BackupSize("551 MiB", "183 MiB", committed.storedBytes()) : null,
                known ? committed.serverVersion() : null,
                known ? committed.snapshotAt() : null,
                known ? committed.lsn() : null,
                known ? committed.manifestSha256() : null,
                known ? new Verified(committed.verified(), committed.verifiedAt(), committed.rows()) : null,
                null,
                claim,
                attempts,
                failure));
        return new BackupObservation(
                backup, policy, application, serviceAccount, Shop.CLUSTER, jobs, places, others, claims, progress);
    }
}
