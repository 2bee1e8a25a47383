package dev.mainstay.controller.kube;

import dev.mainstay.api.Annotations;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;

/** Writes on a request that it is being carried out, before it is: a copy of it is told by that. */
public final class ExecutionMarks {

    private final KubernetesClient client;
    private final MetadataPatch patch;

    public ExecutionMarks(KubernetesClient client) {
        this.client = client;
        this.patch = new MetadataPatch(client);
    }

    /** Whether an object is still what a cache had: a request that has ended since must not act again. */
    public boolean unchanged(HasMetadata object) {
        HasMetadata now = client.resources(object.getClass())
                .inNamespace(object.getMetadata().getNamespace())
                .withName(object.getMetadata().getName())
                .get();
        return now != null
                && now.getMetadata()
                        .getResourceVersion()
                        .equals(object.getMetadata().getResourceVersion());
    }

    /** Writes the request's own uid and a finalizer; one that has changed meanwhile is looked at again. */
    public void mark(HasMetadata request, String finalizer) {
        patch.write(
                request,
                Map.of(
                        "annotations",
                        Map.of(Annotations.EXECUTED_BY, request.getMetadata().getUid()),
                        "finalizers",
                        MetadataPatch.with(request, finalizer)));
    }
}
