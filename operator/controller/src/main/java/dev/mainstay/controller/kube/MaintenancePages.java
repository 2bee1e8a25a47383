package dev.mainstay.controller.kube;

import dev.mainstay.core.mode.PageState;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Maintenance pages at the API server itself: a Deployment, and what goes with it. */
public final class MaintenancePages {

    private static final int UNPROCESSABLE = 422;

    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("mainstay")
            .withForce(true)
            .build();

    private final KubernetesClient client;
    private final Services services;

    public MaintenancePages(KubernetesClient client) {
        this.client = client;
        this.services = new Services(client);
    }

    /** Why a page was not taken. */
    public record Refusal(boolean forbidden, String message) {}

    /** The page of this name as it is now. */
    public PageState read(String namespace, String name) {
        return new PageState(
                RawReads.json(client, "/apis/apps/v1/namespaces/" + namespace + "/deployments/" + name)
                        .orElse(null),
                services.read(namespace, name));
    }

    /**
     * Writes a page; written twice it is there once.
     *
     * @param deployment its Deployment
     * @param dependents what goes with it, for the Deployment that owns it
     * @return why it was not taken; empty when it was
     */
    public Optional<Refusal> apply(
            Deployment deployment, Function<Deployment, Iterable<? extends HasMetadata>> dependents) {
        try {
            Deployment there = client.resource(deployment).patch(APPLY);
            for (HasMetadata dependent : dependents.apply(there)) {
                dependent.getMetadata().setOwnerReferences(List.of(Ownership.controlledBy(there)));
                client.resource(dependent).patch(APPLY);
            }
            return Optional.empty();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                    || e.getCode() == UNPROCESSABLE
                    || e.getCode() == HttpURLConnection.HTTP_BAD_REQUEST) {
                return Optional.of(new Refusal(e.getCode() == HttpURLConnection.HTTP_FORBIDDEN, ApiErrors.message(e)));
            }
            throw e;
        }
    }

    /** Removes a page, and all that goes with it, if it still is the one that was seen. */
    public void remove(String namespace, PageState page) {
        String name = page.deployment().path("metadata").path("name").asText();
        Deployment there = client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name)
                .get();
        if (there == null || !there.getMetadata().getUid().equals(page.uid())) {
            return;
        }
        try {
            client.resource(there)
                    .lockResourceVersion(there.getMetadata().getResourceVersion())
                    .delete();
        } catch (KubernetesClientException e) {
            // Its status changes at any moment; the next pass tries again.
            if (!ApiErrors.goneOrChanged(e)) {
                throw e;
            }
        }
    }
}
