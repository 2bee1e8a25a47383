package dev.mainstay.controller.backup;

import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.controller.kube.ApiErrors;
import dev.mainstay.controller.kube.DatabaseBackups;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.core.backup.PreflightDecision.Attached;
import java.util.List;
import java.util.Optional;

/** Makes objects for backups that were found in the bucket, and tells in their statuses what was found. */
public final class Attachments {

    private final DatabaseBackups backups;
    private final StatusWriter statuses;

    public Attachments(DatabaseBackups backups, StatusWriter statuses) {
        this.backups = backups;
        this.statuses = statuses;
    }

    /**
     * Makes and tells them, one after the other. Where somebody has made an object of that name or changed it meanwhile, it is
     * decided again when the cache shows that.
     *
     * @return what the API server said where it does not take one; empty when it took all
     */
    Optional<String> act(List<Attached> next) {
        for (Attached attached : next) {
            try {
                boolean there = attached.object().getMetadata().getUid() != null;
                Optional<DatabaseBackup> object =
                        there ? Optional.of(attached.object()) : backups.make(attached.object());
                object.ifPresent(found -> statuses.write(found, attached.status()));
            } catch (RuntimeException e) {
                return Optional.of(ApiErrors.rejection(e).orElseThrow(() -> e));
            }
        }
        return Optional.empty();
    }
}
