package dev.mainstay.controller.kube;

import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.core.restore.Declined;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/** Makes MaintenanceRuns, and removes those that are finished. */
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
