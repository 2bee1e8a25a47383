package dev.mainstay.controller.kube;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;

/** What administrators have written on namespaces. */
public final class Namespaces {

    private final KubernetesClient client;

    public Namespaces(KubernetesClient client) {
        this.client = client;
    }

    /** Asks the API server, not a cache: an administrator who takes the label away means it at once. */
    public boolean hasLabel(String namespace, String label, String value) {
        Namespace found = client.namespaces().withName(namespace).get();
        return found != null
                && found.getMetadata().getLabels() != null
                && value.equals(found.getMetadata().getLabels().get(label));
    }
}
