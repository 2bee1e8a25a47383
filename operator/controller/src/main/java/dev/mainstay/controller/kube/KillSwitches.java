package dev.mainstay.controller.kube;

import dev.mainstay.core.alert.KillSwitch;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** The ConfigMap with which an administrator stops all remediation. */
public final class KillSwitches {

    private final KubernetesClient client;
    private final String namespace;

    /**
     * Looks in a namespace.
     *
     * @param namespace the operator's own
     */
    public KillSwitches(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** Asks the API server, not a cache: an administrator who stops something means it at once. */
    public KillSwitch read() {
        try {
            ConfigMap found = client.configMaps()
                    .inNamespace(namespace)
                    .withName(KillSwitch.CONFIG_MAP)
                    .get();
            String value = found == null || found.getData() == null
                    ? null
                    : found.getData().get(KillSwitch.KEY);
            return value == null || value.isEmpty() ? new KillSwitch.Off() : new KillSwitch.On(value);
        } catch (KubernetesClientException e) {
            return new KillSwitch.Unreadable(ApiErrors.message(e));
        }
    }
}
