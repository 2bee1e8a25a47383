package dev.mainstay.controller.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;

/** The last lines of a Pod's log. */
public final class PodLogs {

    private final KubernetesClient client;

    public PodLogs(KubernetesClient client) {
        this.client = client;
    }

    /** The lines, oldest first; empty when they can't be had: progress may be absent, and nothing fails for it. */
    public List<String> tail(String namespace, String pod, int lines) {
        try {
            return client.pods()
                    .inNamespace(namespace)
                    .withName(pod)
                    .tailingLines(lines)
                    .getLog()
                    .lines()
                    .toList();
        } catch (KubernetesClientException e) {
            return List.of();
        }
    }
}
