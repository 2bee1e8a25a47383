package dev.mainstay.controller.kube;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.DatabaseBackup;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;

/** Makes DatabaseBackups, ends them, and removes those that hold no data. */
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

    /** Tells one to end; one that has ended already says so itself, and one that is gone needs nothing. */
    public void cancel(String namespace, String name, String why) {
        try {
            client.resources(DatabaseBackup.class)
                    .inNamespace(namespace)
                    .withName(name)
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            Serialization.asJson(
                                    Map.of("metadata", Map.of("annotations", Map.of(Annotations.CANCEL, why)))));
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
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
