package dev.mainstay.controller.kube;

import dev.mainstay.api.Annotations;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Adds and takes away a finalizer of an object, if the object is still the one that was looked at. */
public final class Finalizers {

    private final MetadataPatch patch;

    public Finalizers(KubernetesClient client) {
        this.patch = new MetadataPatch(client);
    }

    /** Adds it; whether that is done. */
    public boolean add(HasMetadata object, String finalizer) {
        return write(object, MetadataPatch.with(object, finalizer));
    }

    /**
     * Adds it; the object as it is then, empty when it was changed or deleted since. What is written with the version of that
     * object is refused like what is written with the one that was looked at: nobody has changed it between the two.
     */
    @SuppressWarnings("unchecked")
    public <T extends HasMetadata> Optional<T> added(T object, String finalizer) {
        return patch.patched(object, Map.of("finalizers", MetadataPatch.with(object, finalizer)))
                .map(patched -> (T) patched);
    }

    /** Takes it away; whether that is done. */
    public boolean remove(HasMetadata object, String finalizer) {
        return write(
                object,
                object.getMetadata().getFinalizers().stream()
                        .filter(other -> !other.equals(finalizer))
                        .toList());
    }

    /** Whether a person has said of an object that goes that nothing more is to be waited for. */
    public static boolean isForced(HasMetadata object) {
        return object.getMetadata().getDeletionTimestamp() != null
                && object.getMetadata().getAnnotations() != null
                && "true".equals(object.getMetadata().getAnnotations().get(Annotations.FORCE_RELEASE));
    }

    private boolean write(HasMetadata object, List<String> finalizers) {
        return patch.write(object, Map.of("finalizers", finalizers));
    }
}
