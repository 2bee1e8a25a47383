package dev.mainstay.core.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupFailureSummary;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicySpec;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.BackupSummary;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.application.JobTemplateRefusal;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Pause;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is to be done about a BackupPolicy, and what its backups came to: a pure function. */
public final class PolicyDecider {

    /** Reasons that tell of the store, not of the database. */
    private static final Set<Reason> STORAGE =
            EnumSet.of(Reason.STORAGE_UNREACHABLE, Reason.STORAGE_DENIED, Reason.OWNED_BY_OTHER, Reason.UPLOAD_FAILED);

    /** Longest value that {@code lastRunNow} holds. */
    private static final int RUN_NOW_LENGTH = 253;

    private PolicyDecider() {}

    /** Decides. */
    public static PolicyDecision decide(PolicyObservation observation, Instant now) {
        BackupPolicy policy = observation.policy();
        BackupPolicyStatus before = policy.getStatus();
        DatabaseChoice choice = DatabaseChoice.of(policy, observation.application());
        String value = fitting(annotation(policy, Annotations.RUN_NOW));
        String handled = before == null ? null : before.lastRunNow();
        boolean runs = value != null
                && !value.isEmpty()
                && !value.equals(handled)
                && pause(observation).isEmpty()
                && choice instanceof DatabaseChoice.Found;
        String backup = runs ? Names.runNow(policy.getMetadata().getName(), value) : null;
        // An earlier pass may have made it and died before its status.
        boolean made = observation.backups().stream()
                .anyMatch(found -> found.getMetadata().getName().equals(backup));
        return new PolicyDecision(
                made ? null : backup, runs ? value : null, status(observation, choice, runs ? value : handled, now));
    }

    private static BackupPolicyStatus status(
            PolicyObservation observation, DatabaseChoice choice, String runNow, Instant now) {
        List<DatabaseBackup> ended = observation.backups().stream()
                .filter(backup -> phase(backup).terminal() && backup.getStatus().completedAt() != null)
                .sorted(Comparator.comparing(
                                (DatabaseBackup backup) -> backup.getStatus().completedAt())
                        .thenComparing(backup -> backup.getMetadata().getName()))
                .toList();
        Optional<DatabaseBackup> success = newest(ended, BackupPhase.SUCCEEDED);
        Optional<DatabaseBackup> failure = newest(ended, BackupPhase.FAILED);
        int failures = (int) ended.stream()
                .skip(success.map(backup -> ended.indexOf(backup) + 1).orElse(0))
                .count();
        BackupPolicyStatus before = observation.policy().getStatus();
        return new BackupPolicyStatus(
                observation.policy().getMetadata().getGeneration(),
                conditions(observation, choice, ended, now),
                success.map(PolicyDecider::summary).orElse(before == null ? null : before.lastSuccess()),
                failure.map(PolicyDecider::failureSummary).orElse(before == null ? null : before.lastFailure()),
                failures,
                runNow);
    }

    private static List<Condition> conditions(
            PolicyObservation observation, DatabaseChoice choice, List<DatabaseBackup> ended, Instant now) {
        BackupPolicy policy = observation.policy();
        List<Condition> before =
                policy.getStatus() == null ? List.of() : policy.getStatus().conditions();
        Conditions conditions = new Conditions(before, policy.getMetadata().getGeneration(), now);
        switch (choice) {
            case DatabaseChoice.Missing missing -> conditions.stalled(missing.reason(), missing.message());
            case DatabaseChoice.Found found -> ready(conditions, observation, found);
        }
        storage(conditions, before, ended, policy.getMetadata().getGeneration());
        return conditions.list();
    }

    private static void ready(Conditions conditions, PolicyObservation observation, DatabaseChoice.Found found) {
        Optional<String> invalid = JobTemplateRefusal.told(observation.application());
        if (invalid.isPresent()) {
            conditions.stalled(Reason.INVALID_SPEC, invalid.get());
            return;
        }
        BackupPolicySpec spec = observation.policy().getSpec();
        pause(observation)
                .ifPresentOrElse(
                        message -> conditions.ready(
                                Reason.PAUSED, message + " A backup that is asked for now is made then."),
                        () -> conditions.ready(
                                Reason.READY,
                                "Backups of database " + found.database().name() + " of ManagedApplication "
                                        + spec.applicationRef().name() + " go to bucket "
                                        + spec.storage().s3().bucket()
                                        + ". Create a DatabaseBackup, or set the annotation " + Annotations.RUN_NOW
                                        + ", to make one."));
    }

    private static Optional<String> pause(PolicyObservation observation) {
        return Pause.message(observation.policy())
                .or(() -> Optional.ofNullable(observation.application()).flatMap(Pause::message));
    }

    private static void storage(
            Conditions conditions, List<Condition> before, List<DatabaseBackup> ended, long generation) {
        Optional<DatabaseBackup> telling =
                ended.reversed().stream().filter(PolicyDecider::tellsOfStorage).findFirst();
        if (telling.isEmpty()) {
            Conditions.find(before, "StorageReachable")
                    .flatMap(condition -> Reason.of(condition.reason())
                            .map(reason ->
                                    conditions.set(condition.type(), condition.status(), reason, condition.message())));
            return;
        }
        DatabaseBackup backup = telling.get();
        if (phase(backup) == BackupPhase.SUCCEEDED) {
            conditions.set(
                    "StorageReachable",
                    ConditionStatus.TRUE,
                    Reason.SUCCEEDED,
                    "DatabaseBackup " + backup.getMetadata().getName() + " was stored.");
        } else {
            conditions.set(
                    "StorageReachable",
                    ConditionStatus.FALSE,
                    Reason.of(backup.getStatus().failure().reason()).orElse(Reason.INTERNAL),
                    "DatabaseBackup " + backup.getMetadata().getName() + ": "
                            + backup.getStatus().failure().message());
        }
    }

    private static boolean tellsOfStorage(DatabaseBackup backup) {
        return phase(backup) == BackupPhase.SUCCEEDED
                || backup.getStatus().failure() != null
                        && Reason.of(backup.getStatus().failure().reason())
                                .filter(STORAGE::contains)
                                .isPresent();
    }

    private static Optional<DatabaseBackup> newest(List<DatabaseBackup> ended, BackupPhase phase) {
        return ended.reversed().stream()
                .filter(backup -> phase(backup) == phase)
                .findFirst();
    }

    private static BackupPhase phase(DatabaseBackup backup) {
        return backup.getStatus() == null || backup.getStatus().phase() == null
                ? BackupPhase.PENDING
                : backup.getStatus().phase();
    }

    private static BackupSummary summary(DatabaseBackup backup) {
        DatabaseBackupStatus status = backup.getStatus();
        return new BackupSummary(
                backup.getMetadata().getName(),
                status.completedAt(),
                status.verified() == null ? null : status.verified().level(),
                status.size() == null ? null : status.size().stored(),
                status.location());
    }

    private static BackupFailureSummary failureSummary(DatabaseBackup backup) {
        DatabaseBackupStatus status = backup.getStatus();
        return new BackupFailureSummary(
                backup.getMetadata().getName(),
                status.completedAt(),
                status.failure() == null ? null : status.failure().reason(),
                status.failure() == null
                        ? null
                        : Conditions.cut(status.failure().message()));
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
