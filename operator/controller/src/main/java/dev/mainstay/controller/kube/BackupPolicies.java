package dev.mainstay.controller.kube;

import dev.mainstay.api.backup.BackupPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Policies as the API server has them, beside what a watch has told of them. */
public final class BackupPolicies {

    private final KubernetesClient client;

    public BackupPolicies(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Whether nothing has changed it since a watch told of it, its status included. Asked before an object is made for it: a
     * deletion of that object may be told before the status that says it was made, and what a person has deleted would come
     * back.
     */
    public boolean isCurrent(BackupPolicy policy) {
        BackupPolicy found = client.resources(BackupPolicy.class)
                .inNamespace(policy.getMetadata().getNamespace())
                .withName(policy.getMetadata().getName())
                .get();
        return found != null
                && found.getMetadata()
                        .getResourceVersion()
                        .equals(policy.getMetadata().getResourceVersion());
    }
}
