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
        // Not the client's getLog: before each read it lists and watches the Pod, to wait until it is ready.
        String path = "/api/v1/namespaces/%s/pods/%s/log?tailLines=%d".formatted(namespace, pod, lines);
        try {
            String log = client.raw(path);
            return log == null ? List.of() : log.lines().toList();
        } catch (KubernetesClientException e) {
            return List.of();
        }
    }
}
