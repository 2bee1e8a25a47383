package dev.mainstay.core.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupSize;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.backup.Verified;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.util.List;

/** Backups of the shop's policy, as their policy sees them. */
final class Backups {

    private Backups() {}

    static DatabaseBackup succeeded(String name, String completedAt, VerificationLevel level) {
        Instant at = Shop.at(completedAt);
        return backup(
                name,
                BackupPhase.SUCCEEDED,
                at,
                new BackupSize("551 MiB", "183 MiB", 191_889_408L),
                new Verified(level, at, 12L),
                List.of(),
                null);
    }

    static DatabaseBackup failed(String name, String completedAt, Reason reason) {
        return ended(name, BackupPhase.FAILED, reason, completedAt);
    }

    static DatabaseBackup unfinished(String name, BackupPhase phase, AttemptBuilder... attempts) {
        return backup(
                name,
                phase,
                null,
                null,
                null,
                List.of(attempts).stream().map(AttemptBuilder::build).toList(),
                null);
    }

    /** One made for the slot of its creation; without a reason it is not finished. */
    static DatabaseBackup ofSlot(String name, BackupPhase phase, Reason reason, String at) {
        DatabaseBackup backup = reason == null ? unfinished(name, phase) : ended(name, phase, reason, at);
        backup.getMetadata().setCreationTimestamp(Shop.at(at).toString());
        Shop.annotated(backup, Annotations.SLOT, Shop.at(at).toString());
        backup.setStatus(Fields.with(backup.getStatus(), "{slot: '%s', attempts: []}".formatted(Shop.at(at))));
        return backup;
    }

    private static DatabaseBackup ended(String name, BackupPhase phase, Reason reason, String completedAt) {
        return backup(
                name,
                phase,
                Shop.at(completedAt),
                null,
                null,
                List.of(),
                new Failure(reason.text(), "It went wrong.", List.of()));
    }

    private static DatabaseBackup backup(
            String name,
            BackupPhase phase,
            Instant completedAt,
            BackupSize size,
            Verified verified,
            List<Attempt> attempts,
            Failure failure) {
        DatabaseBackup backup = Shop.backup();
        backup.getMetadata().setName(name);
        backup.setStatus(new DatabaseBackupStatus(
                1L,
                List.of(),
                phase,
                null,
                null,
                completedAt,
                null,
                null,
                size == null ? null : "s3://backups/prod/webshop/nightly/" + name + "/",
                size,
                null,
                null,
                null,
                null,
                verified,
                null,
                null,
                attempts,
                failure));
        return backup;
    }
}
