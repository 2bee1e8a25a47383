package dev.mainstay.controller.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Changes the metadata of an object, if it still is the one that was looked at. */
final class MetadataPatch {

    private final KubernetesClient client;

    MetadataPatch(KubernetesClient client) {
        this.client = client;
    }

    /** Its finalizers with one more. */
    static List<String> with(HasMetadata object, String finalizer) {
        return Stream.concat(object.getMetadata().getFinalizers().stream(), Stream.of(finalizer))
                .distinct()
                .toList();
    }

    /** Sets these fields; false when the object was changed or deleted since. */
    boolean write(HasMetadata object, Map<String, ?> fields) {
        return patched(object, fields).isPresent();
    }

    /** Sets these fields; the object as it is then, empty when it was changed or deleted since. */
    Optional<HasMetadata> patched(HasMetadata object, Map<String, ?> fields) {
        Map<String, Object> metadata = new HashMap<>(fields);
        metadata.put("resourceVersion", object.getMetadata().getResourceVersion());
        try {
            return Optional.of(client.resources(object.getClass())
                    .inNamespace(object.getMetadata().getNamespace())
                    .withName(object.getMetadata().getName())
                    .patch(PatchContext.of(PatchType.JSON_MERGE), Serialization.asJson(Map.of("metadata", metadata))));
        } catch (KubernetesClientException e) {
            if (!ApiErrors.goneOrChanged(e)) {
                throw e;
            }
            return Optional.empty();
        }
    }
}
