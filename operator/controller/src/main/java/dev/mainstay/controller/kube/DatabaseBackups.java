package dev.mainstay.controller.kube;

import dev.mainstay.api.backup.DatabaseBackup;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/** Makes DatabaseBackups, and removes those that hold no data. */
public final class DatabaseBackups {

    private final KubernetesClient client;

    public DatabaseBackups(KubernetesClient client) {
        this.client = client;
    }

    /** Makes one; its name is made of what it is made for, so twice makes one. Empty when there was one of that name. */
    public Optional<DatabaseBackup> make(DatabaseBackup backup) {
        try {
            return Optional.of(client.resource(backup).create());
        } catch (KubernetesClientException e) {
            if (!ApiErrors.alreadyExists(e)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** Removes one, if it is still as it was looked at. */
    public void remove(DatabaseBackup backup) {
        try {
            client.resource(backup).lockResourceVersion().delete();
        } catch (KubernetesClientException e) {
            if (!ApiErrors.goneOrChanged(e)) {
                throw e;
            }
        }
    }
}
