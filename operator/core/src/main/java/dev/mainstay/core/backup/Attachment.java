package dev.mainstay.core.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.ObjectReference;
import dev.mainstay.api.backup.AttachedBackups;
import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupSpec;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.S3Storage;
import dev.mainstay.core.backup.PreflightDecision.Attached;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.task.PreflightReport.Stored;
import dev.mainstay.core.task.StoredManifest;
import dev.mainstay.core.task.Task.MadeBy;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Objects for backups that lie in a policy's place in the bucket and have none: in a new cluster, or after its namespace
 * was deleted. A pure function of what a preflight has found there. It is done once for a place, and whenever a person asks for it:
 * who has deleted an object and kept its data does not find it again the next day.
 */
final class Attachment {

    /** Objects in one pass; the next one goes on. */
    static final int A_PASS = 50;

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
    private static final Pattern SAFETY = Pattern.compile("-safety-[0-9a-f]{8}$");

    private final BackupPolicy policy;
    private final List<DatabaseBackup> backups;
    private final String folder;

    /**
     * Of a policy whose spec is readable.
     *
     * @param backups all backups of its namespace
     */
    Attachment(BackupPolicy policy, List<DatabaseBackup> backups) {
        this.policy = policy;
        this.backups = backups;
        this.folder = folder(policy);
    }

    /** Whether the bucket is to be looked through. */
    static boolean isDue(BackupPolicy policy) {
        AttachedBackups done =
                policy.getStatus() == null ? null : policy.getStatus().attached();
        return done == null || !key(policy).equals(done.key());
    }

    /** What it is looked through for. */
    static String key(BackupPolicy policy) {
        Map<String, String> annotations = policy.getMetadata().getAnnotations();
        return Names.digest(
                folder(policy),
                policy.getSpec().storage().adopt(),
                annotations == null ? null : annotations.get(Annotations.ATTACH));
    }

    private static String folder(BackupPolicy policy) {
        S3Storage s3 = policy.getSpec().storage().s3();
        return BackupTasks.url(
                s3.bucket(),
                Names.policyFolder(
                        s3.prefix(),
                        policy.getMetadata().getNamespace(),
                        policy.getMetadata().getName()));
    }

    /** The next objects that are to be made, or told what they stand for, the newest backups first; empty when all is done. */
    List<Attached> next(List<StoredManifest> stored, Instant now) {
        Set<String> taken =
                backups.stream().map(backup -> backup.getMetadata().getName()).collect(Collectors.toSet());
        List<Attached> next = new ArrayList<>();
        for (StoredManifest found : stored) {
            if (next.size() == A_PASS) {
                break;
            }
            if (hasObject(found)) {
                continue;
            }
            waiting(found).or(() -> named(found, taken)).ifPresent(object -> {
                taken.add(object.getMetadata().getName());
                next.add(new Attached(object, status(object, found, now)));
            });
        }
        return next;
    }

    /** The object that it was made for, or one that tells of it; the status of one that has not ended tells of its place too. */
    private boolean hasObject(StoredManifest found) {
        String path = path(found);
        return backups.stream()
                .anyMatch(backup -> backup.getMetadata().getUid().equals(found.uid())
                        || backup.getStatus() != null
                                && (path.equals(backup.getStatus().location())
                                        || backup.getStatus().attempts().stream()
                                                .anyMatch(attempt -> path.equals(attempt.path()))));
    }

    private Optional<DatabaseBackup> waiting(StoredManifest found) {
        return backups.stream()
                .filter(AttachedBackup::waits)
                .filter(backup -> backup.getSpec() != null
                        && backup.getSpec()
                                .policyRef()
                                .name()
                                .equals(policy.getMetadata().getName()))
                .filter(backup -> backup.getMetadata().getDeletionTimestamp() == null)
                .filter(backup -> path(found).equals(AttachedBackup.from(backup)))
                .findFirst();
    }

    /** Under its old name when that is free: people know it, and a slot that has its backup is not made again. */
    private Optional<DatabaseBackup> named(StoredManifest found, Set<String> taken) {
        String other = Names.attached(policy.getMetadata().getName(), found.folder());
        boolean free = found.name() != null && NAME.matcher(found.name()).matches() && !taken.contains(found.name());
        if (!free && taken.contains(other)) {
            return Optional.empty();
        }
        DatabaseBackup object = new DatabaseBackup();
        object.setMetadata(new ObjectMetaBuilder()
                .withName(free ? found.name() : other)
                .withNamespace(policy.getMetadata().getNamespace())
                .withGeneration(1L)
                .addToLabels(
                        Annotations.POLICY, Names.label(policy.getMetadata().getName()))
                .addToAnnotations(annotations(found))
                .build());
        object.setSpec(new DatabaseBackupSpec(
                new ObjectReference(policy.getMetadata().getName()),
                found.keepUntil(),
                "Found in the bucket: annotation " + Annotations.ATTACHED_FROM + " tells where."));
        return Optional.of(object);
    }

    private Map<String, String> annotations(StoredManifest found) {
        Map<String, String> annotations = new TreeMap<>(Map.of(Annotations.ATTACHED_FROM, path(found)));
        if (found.madeBy() == MadeBy.POLICY && found.name() != null) {
            Names.slotOf(policy.getMetadata().getName(), found.name())
                    .ifPresent(slot -> annotations.put(Annotations.SLOT, slot.toString()));
        }
        if (found.madeBy() == MadeBy.OPERATION && found.name() != null) {
            annotations.put(
                    Annotations.MADE_BEFORE, SAFETY.matcher(found.name()).replaceFirst(""));
        }
        return annotations;
    }

    private DatabaseBackupStatus status(DatabaseBackup object, StoredManifest found, Instant now) {
        Attempt attempt = new Attempt(
                found.attempt(),
                path(found),
                null,
                AttemptState.SUCCEEDED,
                found.startedAt(),
                found.startedAt(),
                found.backup().committedAt(),
                null,
                null,
                null);
        return BackupReport.attached(object, attempt, found.backup(), now);
    }

    private String path(StoredManifest found) {
        return folder + found.folder() + "/";
    }

    /** What is told once all that was found has an object. */
    AttachedBackups done(Stored report, List<StoredManifest> stored, Instant now) {
        Set<String> made = backups.stream()
                .filter(backup ->
                        AttachedBackup.from(backup) != null && PolicyHistory.phase(backup) == BackupPhase.SUCCEEDED)
                .map(AttachedBackup::from)
                .collect(Collectors.toSet());
        int attached = (int)
                stored.stream().filter(found -> made.contains(path(found))).count();
        return new AttachedBackups(
                key(policy),
                Attempts.seconds(now),
                stored.size(),
                attached,
                report.leftOut(),
                Conditions.cut(told(stored.size(), attached)
                        + (report.leftOut() == 0
                                ? ""
                                : " " + count(report.leftOut(), "older folder")
                                        + " with a manifest were not looked at; spec.source.path of a RestoreRequest reaches"
                                        + " them.")));
    }

    private String told(int found, int attached) {
        if (found == 0) {
            return "No backup was found at " + folder + ".";
        }
        return count(found, "backup") + (found == 1 ? " was" : " were") + " found at " + folder
                + (attached == 0
                        ? "; each has its DatabaseBackup."
                        : ", and " + attached + (attached == 1 ? " was" : " were")
                                + " attached: a DatabaseBackup was made for each that had none.");
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
