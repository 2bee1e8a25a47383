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
import java.util.LinkedHashMap;
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

    /** Of so many objects it is known which version was written over last. */
    private static final int REMEMBERED = 20_000;

    private final KubernetesClient client;

    /** By uid, the version of an object that was written over last. */
    private final Map<String, String> replaced = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > REMEMBERED;
        }
    };

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
     * Whether a status was written over this version of the object, so that its cache is behind. A pass that would write something
     * is told so by a conflict; one that finds the status right already is not, and would do once more what that asked for.
     */
    public boolean isOutdated(MainstayResource<?, ?> observed) {
        synchronized (replaced) {
            return observed.getMetadata().getResourceVersion() != null
                    && observed.getMetadata()
                            .getResourceVersion()
                            .equals(replaced.get(observed.getMetadata().getUid()));
        }
    }

    /** A status that was there already makes no new version. */
    private void remember(MainstayResource<?, ?> observed, GenericKubernetesResource written) {
        String before = observed.getMetadata().getResourceVersion();
        if (written == null
                || written.getMetadata() == null
                || written.getMetadata().getResourceVersion() == null
                || written.getMetadata().getResourceVersion().equals(before)) {
            return;
        }
        synchronized (replaced) {
            replaced.put(observed.getMetadata().getUid(), before);
        }
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
            GenericKubernetesResource written = client.genericKubernetesResources(
                            observed.getApiVersion(), observed.getKind())
                    .inNamespace(observed.getMetadata().getNamespace())
                    .resource(applied)
                    .subresource("status")
                    .patch(APPLY);
            remember(observed, written);
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
