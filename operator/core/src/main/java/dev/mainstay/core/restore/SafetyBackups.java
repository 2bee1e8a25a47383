package dev.mainstay.core.restore;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.ObjectReference;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupSpec;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreStep;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.restore.SafetyBackup;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.Durations;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.restore.RestoreDecision.Done;
import dev.mainstay.core.restore.RestoreDecision.Fail;
import dev.mainstay.core.restore.RestoreDecision.Skip;
import dev.mainstay.core.restore.RestoreDecision.Watch;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The backup that a restore makes of the database which it replaces: a DatabaseBackup as a person would make it, which stays
 * when the request goes.
 */
public final class SafetyBackups {

    /** How long it may wait for its turn and its place. */
    private static final Duration BEGUN_WITHIN = Duration.ofMinutes(10);

    /** It is an object of its own, which nobody but a person ends. */
    private static final String LEFT =
            " It stays, and may be made later, of what is in place then: delete it if nobody" + " wants that.";

    private static final Duration GLANCE = Duration.ofSeconds(2);

    private final RestoreObservation observation;
    private final RestoreRequest request;
    private final String database;

    SafetyBackups(RestoreObservation observation, String database) {
        this.observation = observation;
        this.request = observation.request();
        this.database = database;
    }

    /** Its name. */
    public static String name(RestoreRequest request) {
        return Names.safetyBackup(
                request.getMetadata().getName(), request.getMetadata().getUid());
    }

    static boolean wanted(RestoreRequest request) {
        return request.getSpec().safetyBackup() != SafetyBackup.NEVER;
    }

    /** Why a restore that requires a backup can't have one; empty when it can, or needs none. */
    Optional<String> impossible() {
        return request.getSpec().safetyBackup() == SafetyBackup.REQUIRED && policy().isEmpty()
                ? Optional.of(noPolicy() + " Make one, or a request with spec.safetyBackup: BestEffort or Never.")
                : Optional.empty();
    }

    RestoreDecision decide(StepTime time) {
        DatabaseBackup backup = observation.safetyBackup();
        if (backup == null && time.over(RestoreStepName.SAFETY_BACKUP, BEGUN_WITHIN)) {
            return without(Reason.SAFETY_BACKUP_FAILED, neverThere());
        }
        if (backup == null) {
            return policy().<RestoreDecision>map(policy -> new RestoreDecision.MakeBackup(backup(policy)))
                    .orElseGet(() -> without(Reason.POLICY_NOT_FOUND, noPolicy()));
        }
        String name = backup.getMetadata().getName();
        DatabaseBackupStatus status = backup.getStatus();
        BackupPhase phase = status == null ? null : status.phase();
        if (phase == BackupPhase.SUCCEEDED) {
            return new Done(
                    RestoreStepName.SAFETY_BACKUP,
                    "DatabaseBackup " + name + " holds the database as it was before, and is kept for 30 days.");
        }
        if (phase != null && phase.terminal()) {
            return without(
                    Reason.SAFETY_BACKUP_FAILED,
                    "DatabaseBackup " + name + " of the database in use did not succeed: " + told(status));
        }
        boolean stalled = isStalled(status);
        boolean begun = status != null && !status.attempts().isEmpty();
        if (!begun && (stalled || isPaused(status) || time.over(RestoreStepName.SAFETY_BACKUP, BEGUN_WITHIN))) {
            return without(
                    Reason.SAFETY_BACKUP_FAILED,
                    "DatabaseBackup " + name + " of the database in use has not begun: " + told(status) + LEFT);
        }
        if (time.over(
                RestoreStepName.SAFETY_BACKUP, Durations.parse(request.getSpec().timeout()))) {
            return without(
                    Reason.SAFETY_BACKUP_FAILED,
                    "DatabaseBackup " + name + " of the database in use did not end within "
                            + request.getSpec().timeout() + " (spec.timeout): " + told(status) + LEFT);
        }
        return new Watch(
                RestoreStepName.SAFETY_BACKUP,
                null,
                Reason.BACKING_UP,
                "DatabaseBackup " + name + ": " + told(status),
                stalled,
                GLANCE);
    }

    /** What was tried last stands in the step's message. */
    private String neverThere() {
        return "There was no backup of the database in use after " + Durations.format(BEGUN_WITHIN) + ". "
                + RestoreClaims.status(request)
                        .step(RestoreStepName.SAFETY_BACKUP)
                        .map(RestoreStep::message)
                        .orElse("DatabaseBackup " + name(request) + " was made, and somebody has deleted it.");
    }

    /** What follows when the API server does not take it: what is about the backup itself it would not take later either. */
    RestoreDecision notMade(DatabaseBackup backup, Declined declined) {
        String said = "The API server does not take DatabaseBackup "
                + backup.getMetadata().getName() + " of the database in use: " + declined.sentence();
        return declined.passes()
                ? new Watch(RestoreStepName.SAFETY_BACKUP, null, declined.reason(), said, true, RestorePage.AGAIN)
                : without(Reason.SAFETY_BACKUP_FAILED, said);
    }

    private static boolean isStalled(DatabaseBackupStatus status) {
        return status != null
                && Conditions.find(status.conditions(), "Stalled")
                        .filter(condition -> condition.status() == ConditionStatus.TRUE)
                        .isPresent();
    }

    private static boolean isPaused(DatabaseBackupStatus status) {
        return status != null
                && Conditions.find(status.conditions(), "Ready")
                        .filter(condition -> Reason.PAUSED.text().equals(condition.reason()))
                        .isPresent();
    }

    private RestoreDecision without(Reason reason, String message) {
        return request.getSpec().safetyBackup() == SafetyBackup.BEST_EFFORT
                ? new Skip(
                        RestoreStepName.SAFETY_BACKUP,
                        message + " The restore goes on without (spec.safetyBackup: BestEffort).")
                : new Fail(new Failure(
                        reason.text(),
                        message + " Then make another RestoreRequest, or one with spec.safetyBackup: BestEffort.",
                        List.of()));
    }

    private static String told(DatabaseBackupStatus status) {
        if (status == null) {
            return "it is about to begin.";
        }
        return Optional.ofNullable(status.failure())
                .map(Failure::message)
                .or(() -> Conditions.find(status.conditions(), "Ready").map(Condition::message))
                .orElse("it is about to begin.");
    }

    /** The one whose backup is restored, if it is one of this database; else the first by name. */
    private Optional<BackupPolicy> policy() {
        String restored = request.getStatus() == null || request.getStatus().plan() == null
                ? null
                : request.getStatus().plan().policy();
        return observation.policies().stream()
                .filter(policy -> policy.getMetadata().getDeletionTimestamp() == null)
                .filter(policy -> policy.unreadableSpec().isEmpty())
                .filter(policy -> policy.getSpec()
                        .applicationRef()
                        .equals(request.getSpec().applicationRef()))
                .filter(policy -> policy.getSpec().database() == null
                        || policy.getSpec().database().equals(database))
                .min(Comparator.<BackupPolicy, Boolean>comparing(
                                policy -> !policy.getMetadata().getName().equals(restored))
                        .thenComparing(policy -> policy.getMetadata().getName()));
    }

    private String noPolicy() {
        return "spec.safetyBackup is " + text(request.getSpec().safetyBackup())
                + ", and no BackupPolicy of this namespace backs up database " + database + " of ManagedApplication "
                + request.getSpec().applicationRef().name() + ".";
    }

    private static String text(SafetyBackup backup) {
        return backup == SafetyBackup.REQUIRED ? "Required" : "BestEffort";
    }

    private DatabaseBackup backup(BackupPolicy policy) {
        String name = policy.getMetadata().getName();
        DatabaseBackup backup = new DatabaseBackup();
        backup.setMetadata(new ObjectMetaBuilder()
                .withName(name(request))
                .withNamespace(request.getMetadata().getNamespace())
                .addToLabels(Annotations.POLICY, Names.label(name))
                .addToAnnotations(Annotations.MADE_BEFORE, request.getMetadata().getName())
                .build());
        backup.setSpec(new DatabaseBackupSpec(
                new ObjectReference(name), null, RestoreWords.why("Before RestoreRequest", request)));
        return backup;
    }
}
