package dev.mainstay.core.restore;

import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.S3Storage;
import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.restore.PreviousDatabase;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreSource;
import dev.mainstay.core.backup.SlotBackup;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a request means by its source, or what keeps it from meaning something. */
sealed interface SourceChoice {

    /** A backup in the bucket of its policy. */
    record Stored(DatabaseBackup backup, BackupPolicy policy) implements SourceChoice {}

    /** What lies at a place in a policy's bucket, which nothing but its manifest tells of. */
    record Located(String location, BackupPolicy policy) implements SourceChoice {}

    /** A database that an earlier restore has kept. */
    record Kept(PreviousDatabase database, String by) implements SourceChoice {}

    /** There is none. */
    record Missing(Reason reason, String message) implements SourceChoice {}

    /** How many backups a message names. */
    int NAMED = 5;

    /** Chooses. */
    static SourceChoice of(RestoreObservation observation, String database) {
        RestoreRequest request = observation.request();
        RestoreSource source = request.getSpec().source();
        if (source.previousOf() != null) {
            return kept(observation, source.previousOf().name(), database);
        }
        if (source.backupRef() != null) {
            return named(observation, source.backupRef().name(), database);
        }
        return source.path() == null ? newest(observation, source, database) : located(observation, source);
    }

    private static SourceChoice named(RestoreObservation observation, String name, String database) {
        Optional<DatabaseBackup> found = observation.backups().stream()
                .filter(backup -> backup.getMetadata().getName().equals(name))
                .findFirst();
        String look = " What there is, is shown by \"kubectl get databasebackups --namespace "
                + observation.request().getMetadata().getNamespace() + "\".";
        if (found.isEmpty()) {
            return new Missing(
                    Reason.BACKUP_NOT_FOUND,
                    "spec.source.backupRef names DatabaseBackup " + name + ", which does not exist in this namespace."
                            + look);
        }
        if (!good(found.get())) {
            return new Missing(
                    Reason.BACKUP_NOT_FOUND,
                    "DatabaseBackup " + name + ", which spec.source.backupRef names, can't be restored: "
                            + told(found.get()) + "." + look);
        }
        return checked(observation, found.get(), database);
    }

    private static SourceChoice newest(RestoreObservation observation, RestoreSource source, String database) {
        String name = source.policyRef().name();
        List<DatabaseBackup> good = observation.backups().stream()
                .filter(backup -> backup.getSpec() != null
                        && backup.getSpec().policyRef().name().equals(name))
                .filter(SourceChoice::good)
                // It holds what the restore was to take away: only who names it means it.
                .filter(backup -> !SlotBackup.madeBeforeRestore(backup))
                .sorted(Comparator.comparing(SourceChoice::moment).reversed())
                .toList();
        Optional<DatabaseBackup> found = good.stream()
                .filter(backup -> source.before() == null || moment(backup).isBefore(source.before()))
                .findFirst();
        if (found.isPresent()) {
            return checked(observation, found.get(), database);
        }
        List<String> policies = observation.policies().stream()
                .map(policy -> policy.getMetadata().getName())
                .sorted()
                .toList();
        if (good.isEmpty() && !policies.contains(name)) {
            return new Missing(
                    Reason.POLICY_NOT_FOUND,
                    "spec.source.policyRef names BackupPolicy " + name + ", which does not exist in this namespace ("
                            + (policies.isEmpty()
                                    ? "there is none"
                                    : "found: "
                                            + policies.stream().limit(NAMED).collect(Collectors.joining(", "))
                                            + (policies.size() > NAMED ? " and more" : ""))
                            + "). Make a request that names the one whose backup is meant.");
        }
        String there = good.isEmpty()
                ? "It has none that has succeeded."
                : "It has: "
                        + good.stream()
                                .limit(NAMED)
                                .map(backup -> backup.getMetadata().getName() + " (" + moment(backup) + ")")
                                .collect(Collectors.joining(", "))
                        + (good.size() > NAMED ? " and " + (good.size() - NAMED) + " older ones" : "")
                        + ".";
        return new Missing(
                Reason.BACKUP_NOT_FOUND,
                "BackupPolicy " + name + ", which spec.source.policyRef names, has no good backup"
                        + (source.before() == null ? ". " : " whose data is older than " + source.before() + ". ")
                        + there);
    }

    /** Whether the backup is one of this database, in a bucket that this namespace knows how to open. */
    private static SourceChoice checked(RestoreObservation observation, DatabaseBackup backup, String database) {
        String name = backup.getSpec().policyRef().name();
        Optional<BackupPolicy> policy = observation.policies().stream()
                .filter(candidate -> candidate.getMetadata().getName().equals(name))
                .findFirst();
        if (policy.isEmpty() || policy.get().unreadableSpec().isPresent()) {
            return new Missing(
                    Reason.POLICY_NOT_FOUND,
                    "DatabaseBackup " + backup.getMetadata().getName() + " was made by BackupPolicy " + name
                            + ", which says how its bucket is opened and "
                            + (policy.isEmpty() ? "does not exist any more." : "can't be read.")
                            + " Make it again; spec.suspend: true keeps it from making backups.");
        }
        String application = observation.request().getSpec().applicationRef().name();
        String its = policy.get().getSpec().applicationRef().name();
        String itsDatabase = policy.get().getSpec().database();
        boolean same = its.equals(application) && (itsDatabase == null || itsDatabase.equals(database));
        if (!same && !observation.request().getSpec().allowForeignSource()) {
            return new Missing(
                    Reason.FOREIGN_SOURCE,
                    "DatabaseBackup " + backup.getMetadata().getName() + " is one of "
                            + (itsDatabase == null ? "the database" : "database " + itsDatabase)
                            + " of ManagedApplication " + its + ", and database " + database
                            + " of ManagedApplication " + application
                            + " is to be restored. If that is meant, make a request with spec.allowForeignSource: true.");
        }
        return new Stored(backup, policy.get());
    }

    /** Whose backup it is, its manifest tells the task that plans. */
    private static SourceChoice located(RestoreObservation observation, RestoreSource source) {
        String name = source.policyRef().name();
        Optional<BackupPolicy> policy = observation.policies().stream()
                .filter(candidate -> candidate.getMetadata().getName().equals(name))
                .filter(candidate -> candidate.unreadableSpec().isEmpty())
                .findFirst();
        if (policy.isEmpty()) {
            return new Missing(
                    Reason.POLICY_NOT_FOUND,
                    "spec.source.policyRef names BackupPolicy " + name
                            + ", which says how the bucket of spec.source.path is opened and does not exist, or can't be"
                            + " read. Make it; spec.suspend: true keeps it from making backups.");
        }
        S3Storage s3 = policy.get().getSpec().storage().s3();
        String path = source.path().endsWith("/") ? source.path() : source.path() + "/";
        if (!s3.prefix().isEmpty() && !path.startsWith(s3.prefix() + "/")) {
            return new Missing(
                    Reason.BACKUP_NOT_FOUND,
                    "spec.source.path is " + source.path() + ", which is not under the prefix " + s3.prefix()
                            + " of BackupPolicy " + name
                            + ": a request reaches what its policy does. Write the whole path"
                            + " in the bucket, or name another policy.");
        }
        return new Located("s3://" + s3.bucket() + "/" + path, policy.get());
    }

    private static SourceChoice kept(RestoreObservation observation, String name, String database) {
        Optional<RestoreRequest> earlier = observation.others().stream()
                .filter(other -> other.getMetadata().getName().equals(name))
                .findFirst();
        if (earlier.isEmpty()) {
            return new Missing(
                    Reason.BACKUP_NOT_FOUND,
                    "spec.source.previousOf names RestoreRequest " + name
                            + ", which does not exist in this namespace.");
        }
        PreviousDatabase previous = RestoreClaims.status(earlier.get()).previous();
        boolean sameApplication = earlier.get().getSpec() != null
                && earlier.get()
                        .getSpec()
                        .applicationRef()
                        .equals(observation.request().getSpec().applicationRef());
        if (previous == null || !sameApplication) {
            return notKept(
                    name,
                    previous == null
                            ? PreviousKept.whyNot(earlier.get())
                                    .map(why -> "keeps none any more. " + why)
                                    .orElse("has kept no database: "
                                            + (IntoEmpty.is(RestoreClaims.status(earlier.get())
                                                            .plan())
                                                    ? "it restored into one that was empty (mode: IntoEmpty), so there is none to"
                                                            + " go back to. To have it empty again, drop what is in it by hand."
                                                    : "it did not replace one."))
                            : "restored another application.");
        }
        HeldClaim claim = RestoreClaims.status(earlier.get()).claim();
        if (claim == null || !database.equals(claim.database())) {
            return notKept(
                    name,
                    "has kept one of database " + (claim == null ? "that is not known" : claim.database())
                            + ", and database " + database
                            + " is to be restored. Make a request with the same spec.database.");
        }
        return new Kept(previous, name);
    }

    private static Missing notKept(String name, String why) {
        return new Missing(
                Reason.BACKUP_NOT_FOUND, "RestoreRequest " + name + ", which spec.source.previousOf names, " + why);
    }

    private static boolean good(DatabaseBackup backup) {
        return backup.getStatus() != null
                && backup.getStatus().phase() == BackupPhase.SUCCEEDED
                && backup.getStatus().location() != null
                && backup.getStatus().snapshotAt() != null;
    }

    private static String told(DatabaseBackup backup) {
        BackupPhase phase =
                backup.getStatus() == null ? null : backup.getStatus().phase();
        if (phase == BackupPhase.EXPIRED) {
            return "its data is gone from the bucket";
        }
        if (phase == BackupPhase.SUCCEEDED) {
            return "its status does not tell where it is, or which moment it holds";
        }
        return phase == null || phase == BackupPhase.PENDING ? "it has not begun" : "it has not succeeded";
    }

    /** The moment whose data it holds. */
    static Instant moment(DatabaseBackup backup) {
        return backup.getStatus().snapshotAt();
    }
}
