package dev.mainstay.controller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.core.mode.Redirection;
import dev.mainstay.core.rollback.FieldHandOver;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;

/** Writes selectors of Services, and gives the field back to the one that applies them. */
public final class ServiceSelectors {

    /** Under which name selectors are written. */
    private static final String MANAGER = "mainstay-mode";

    private static final int UNPROCESSABLE = 422;
    private static final int TRIES = 5;

    private final KubernetesClient client;
    private final Services services;

    public ServiceSelectors(KubernetesClient client) {
        this.client = client;
        this.services = new Services(client);
    }

    /** What came of writing a selector. */
    public sealed interface Written {
        /** It is there, written now or before. */
        record There() implements Written {}

        /** The Service is not what was seen: it is to be looked at again. */
        record Changed() implements Written {}

        /** The API server does not take it. */
        record Rejected(boolean forbidden, String message) implements Written {}
    }

    /** Tries whether a selector would be taken, so that a policy's refusal leaves nothing half done. */
    public Written attempt(String namespace, Redirection redirection) {
        return write(namespace, redirection, true);
    }

    /**
     * Writes a selector.
     *
     * @throws KubernetesClientException when it is not known whether it was written
     */
    public Written write(String namespace, Redirection redirection) {
        return write(namespace, redirection, false);
    }

    private Written write(String namespace, Redirection redirection, boolean dryRun) {
        try {
            patch(namespace, redirection.seen().name(), redirection.patch(), dryRun);
            return new Written.There();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return new Written.Rejected(true, ApiErrors.message(e));
            }
            if (ApiErrors.goneOrChanged(e)) {
                return new Written.Changed();
            }
            if (e.getCode() != UNPROCESSABLE && e.getCode() != HttpURLConnection.HTTP_BAD_REQUEST) {
                throw e;
            }
            return refused(namespace, redirection, e);
        }
    }

    /** A failed test of a patch and a selector that is not valid have one code: which it was, the object itself tells. */
    private Written refused(String namespace, Redirection redirection, KubernetesClientException e) {
        ServiceState now = services.read(namespace, redirection.seen().name());
        if (redirection.doneIn(now)) {
            return new Written.There();
        }
        boolean same = now.exists() && version(now).equals(version(redirection.seen()));
        return same ? new Written.Rejected(false, ApiErrors.message(e)) : new Written.Changed();
    }

    private static String version(ServiceState service) {
        return service.json().path("metadata").path("resourceVersion").asText();
    }

    /** Whether a Service was written, and its selector not given back yet: whoever wrote it may have died in between. */
    public static boolean owed(ServiceState service) {
        return service.exists() && FieldHandOver.patch(service.json(), MANAGER).isPresent();
    }

    /**
     * Gives the selector to the one that had it before; does nothing where that is done or needless.
     *
     * @return what the API server said if it refuses that
     */
    public Optional<String> handOver(String namespace, String name) {
        for (int tries = 1; ; tries++) {
            ServiceState service = services.read(namespace, name);
            Optional<JsonNode> patch =
                    service.exists() ? FieldHandOver.patch(service.json(), MANAGER) : Optional.empty();
            if (patch.isEmpty()) {
                return Optional.empty();
            }
            try {
                patch(namespace, name, patch.get(), false);
                return Optional.empty();
            } catch (KubernetesClientException e) {
                // Entries of managedFields move whenever anybody writes, so a test may fail.
                boolean again = e.getCode() == UNPROCESSABLE || ApiErrors.goneOrChanged(e);
                if (again && tries < TRIES) {
                    continue;
                }
                if (again || e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                    return Optional.of(ApiErrors.message(e));
                }
                throw e;
            }
        }
    }

    /** The Service as an Event names it. */
    public HasMetadata reference(String namespace, ServiceState service) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(service.name())
                .withNamespace(namespace)
                .withUid(service.json().path("metadata").path("uid").asText())
                .withResourceVersion(version(service))
                .endMetadata()
                .build();
    }

    private void patch(String namespace, String name, JsonNode patch, boolean dryRun) {
        PatchContext.Builder context =
                new PatchContext.Builder().withPatchType(PatchType.JSON).withFieldManager(MANAGER);
        if (dryRun) {
            context.withDryRun(List.of("All"));
        }
        client.services().inNamespace(namespace).withName(name).patch(context.build(), TaskJson.write(patch));
    }
}
