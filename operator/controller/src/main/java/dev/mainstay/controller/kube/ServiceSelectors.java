package dev.mainstay.controller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.controller.kube.TestedPatches.Found;
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
import java.util.List;
import java.util.Optional;

/** Writes selectors of Services, and gives the field back to the one that applies them. */
public final class ServiceSelectors {

    /** Under which name selectors are written. */
    private static final String MANAGER = "mainstay-mode";

    private final KubernetesClient client;
    private final Services services;

    public ServiceSelectors(KubernetesClient client) {
        this.client = client;
        this.services = new Services(client);
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
        return TestedPatches.write(
                () -> patch(namespace, redirection.seen().name(), redirection.patch(), dryRun),
                () -> look(namespace, redirection));
    }

    private Found look(String namespace, Redirection redirection) {
        ServiceState now = services.read(namespace, redirection.seen().name());
        if (redirection.doneIn(now)) {
            return Found.DONE;
        }
        return now.exists() && version(now).equals(version(redirection.seen())) ? Found.SAME : Found.OTHER;
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
        return TestedPatches.change(
                () -> Optional.of(services.read(namespace, name))
                        .filter(ServiceState::exists)
                        .flatMap(service -> FieldHandOver.patch(service.json(), MANAGER)),
                patch -> patch(namespace, name, patch, false));
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
