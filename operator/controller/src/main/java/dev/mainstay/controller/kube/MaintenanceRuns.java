package dev.mainstay.controller.kube;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.core.restore.Declined;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;

/** Makes MaintenanceRuns, ends them, and removes those that are finished. */
public final class MaintenanceRuns {

    private final KubernetesClient client;

    public MaintenanceRuns(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Makes one; its name is made of what it is made for, so twice makes one.
     *
     * @return why the API server did not take it; empty when it did, or there was one of that name
     */
    public Optional<Declined> make(MaintenanceRun run) {
        return ApiErrors.declined(() -> {
            try {
                client.resource(run).create();
            } catch (KubernetesClientException e) {
                if (!ApiErrors.alreadyExists(e)) {
                    throw e;
                }
            }
        });
    }

    /** The run of that name as it is now; empty when there is none. */
    public Optional<MaintenanceRun> find(String namespace, String name) {
        return Optional.ofNullable(client.resources(MaintenanceRun.class)
                .inNamespace(namespace)
                .withName(name)
                .get());
    }

    /** Tells one to end; one that has ended already says so itself, and one that is gone needs nothing. */
    public void cancel(String namespace, String name, String why) {
        try {
            client.resources(MaintenanceRun.class)
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
    public void remove(MaintenanceRun run) {
        try {
            client.resource(run).lockResourceVersion().delete();
        } catch (KubernetesClientException e) {
            if (!ApiErrors.goneOrChanged(e)) {
                throw e;
            }
        }
    }
}
