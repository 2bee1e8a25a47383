package dev.mainstay.controller.kube;

import dev.mainstay.api.Annotations;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.stream.Stream;

/** Writes on a request that it is being carried out, before it is: a copy of it is told by that. */
public final class ExecutionMarks {

    private final KubernetesClient client;

    public ExecutionMarks(KubernetesClient client) {
        this.client = client;
    }

    /** Whether the request is still what a cache had: one that has ended since must not act again. */
    public boolean unchanged(HasMetadata request) {
        HasMetadata now = client.resources(request.getClass())
                .inNamespace(request.getMetadata().getNamespace())
                .withName(request.getMetadata().getName())
                .get();
        return now != null
                && now.getMetadata()
                        .getResourceVersion()
                        .equals(request.getMetadata().getResourceVersion());
    }

    /** Writes the request's own uid and a finalizer; one that has changed meanwhile is looked at again. */
    public void mark(HasMetadata request, String finalizer) {
        String patch = Serialization.asJson(Map.of(
                "metadata",
                Map.of(
                        "resourceVersion",
                        request.getMetadata().getResourceVersion(),
                        "annotations",
                        Map.of(Annotations.EXECUTED_BY, request.getMetadata().getUid()),
                        "finalizers",
                        Stream.concat(request.getMetadata().getFinalizers().stream(), Stream.of(finalizer))
                                .distinct()
                                .toList())));
        try {
            client.resources(request.getClass())
                    .inNamespace(request.getMetadata().getNamespace())
                    .withName(request.getMetadata().getName())
                    .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
        } catch (KubernetesClientException e) {
            if (!ApiErrors.goneOrChanged(e)) {
                throw e;
            }
        }
    }
}
