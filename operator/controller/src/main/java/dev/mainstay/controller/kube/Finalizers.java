package dev.mainstay.controller.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Adds and takes away a finalizer of an object, if the object is still the one that was looked at. */
public final class Finalizers {

    private final KubernetesClient client;

    public Finalizers(KubernetesClient client) {
        this.client = client;
    }

    /** Adds it; whether that is done. */
    public boolean add(HasMetadata object, String finalizer) {
        return write(
                object,
                Stream.concat(object.getMetadata().getFinalizers().stream(), Stream.of(finalizer))
                        .distinct()
                        .toList());
    }

    /** Takes it away; whether that is done. */
    public boolean remove(HasMetadata object, String finalizer) {
        return write(
                object,
                object.getMetadata().getFinalizers().stream()
                        .filter(other -> !other.equals(finalizer))
                        .toList());
    }

    private boolean write(HasMetadata object, List<String> finalizers) {
        String patch = Serialization.asJson(Map.of(
                "metadata",
                Map.of("resourceVersion", object.getMetadata().getResourceVersion(), "finalizers", finalizers)));
        try {
            client.resources(object.getClass())
                    .inNamespace(object.getMetadata().getNamespace())
                    .withName(object.getMetadata().getName())
                    .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
            return true;
        } catch (KubernetesClientException e) {
            if (!ApiErrors.goneOrChanged(e)) {
                throw e;
            }
            return false;
        }
    }
}
