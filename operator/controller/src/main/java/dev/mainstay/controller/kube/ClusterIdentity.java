package dev.mainstay.controller.kube;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Who this cluster is: the owner of its paths in buckets. */
public final class ClusterIdentity {

    private ClusterIdentity() {}

    /**
     * The configured id, else the uid of namespace kube-system, which lives and dies with the cluster.
     *
     * @throws IllegalStateException when neither is to be had
     */
    public static String of(KubernetesClient client, String configured) {
        if (!configured.isBlank()) {
            return configured;
        }
        Namespace namespace = client.namespaces().withName("kube-system").get();
        if (namespace == null) {
            throw new IllegalStateException(
                    "namespace kube-system does not exist, so this cluster has no id: set clusterId in the chart's values");
        }
        return namespace.getMetadata().getUid();
    }
}
