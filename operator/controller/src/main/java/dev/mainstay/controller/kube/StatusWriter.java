package dev.mainstay.controller.kube;

import dev.mainstay.api.MainstayResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Map;

/**
 * Writes statuses: server-side apply of the whole status with the resourceVersion that was observed, once. A pass that
 * saw an older object gets a conflict and nothing is written; the framework's own ways force, or send the same stale
 * status again with the newer version, and would erase what another pass has written.
 */
public final class StatusWriter {

    /** When to decide again after an object was found changed: most often its watch has told of the change before. */
    public static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("mainstay")
            .withForce(true)
            .build();

    private final KubernetesClient client;

    public StatusWriter(KubernetesClient client) {
        this.client = client;
    }

    /** What came of a write. */
    public enum Answer {
        /** It is written. */
        WRITTEN,
        /** The object has changed since it was observed: decide again. */
        CONFLICT,
        /** The object is gone. */
        GONE
    }

    /**
     * Writes the status of an object as it was observed.
     *
     * @throws KubernetesClientException when the API server could not be asked or refused for another reason
     */
    public Answer write(MainstayResource<?, ?> observed, Object status) {
        GenericKubernetesResource applied = new GenericKubernetesResourceBuilder()
                .withApiVersion(observed.getApiVersion())
                .withKind(observed.getKind())
                .withNewMetadata()
                .withName(observed.getMetadata().getName())
                .withNamespace(observed.getMetadata().getNamespace())
                .withResourceVersion(observed.getMetadata().getResourceVersion())
                .endMetadata()
                .build();
        applied.setAdditionalProperties(Map.of("status", status));
        try {
            client.genericKubernetesResources(observed.getApiVersion(), observed.getKind())
                    .inNamespace(observed.getMetadata().getNamespace())
                    .resource(applied)
                    .subresource("status")
                    .patch(APPLY);
            return Answer.WRITTEN;
        } catch (KubernetesClientException e) {
            return switch (e.getCode()) {
                case HttpURLConnection.HTTP_CONFLICT -> Answer.CONFLICT;
                case HttpURLConnection.HTTP_NOT_FOUND -> Answer.GONE;
                default -> throw e;
            };
        }
    }
}
