package dev.mainstay.controller.kube;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.rollback.RollbackRequest;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;

/** Makes RollbackRequests, and ends them. */
public final class RollbackRequests {

    private final KubernetesClient client;

    public RollbackRequests(KubernetesClient client) {
        this.client = client;
    }

    /** The request of that name as it is now; empty when there is none. */
    public Optional<RollbackRequest> find(String namespace, String name) {
        return Optional.ofNullable(client.resources(RollbackRequest.class)
                .inNamespace(namespace)
                .withName(name)
                .get());
    }

    /** What the API server says when it would not take one because of what is in it; empty when it would. */
    public Optional<String> rejection(RollbackRequest request) {
        try {
            client.resource(request).dryRun().create();
            return Optional.empty();
        } catch (KubernetesClientException e) {
            if (ApiErrors.alreadyExists(e)) {
                return Optional.empty();
            }
            if (ApiErrors.refusal(e).isPresent()) {
                throw e;
            }
            return Optional.of(ApiErrors.rejection(e).orElseThrow(() -> e));
        }
    }

    /** Makes one; its name is made of what it is made for, so twice makes one. */
    public void make(RollbackRequest request) {
        try {
            client.resource(request).create();
        } catch (KubernetesClientException e) {
            if (!ApiErrors.alreadyExists(e)) {
                throw e;
            }
        }
    }

    /** Tells one to end; one that has ended already says so itself, and one that is gone needs nothing. */
    public void cancel(String namespace, String name, String why) {
        try {
            client.resources(RollbackRequest.class)
                    .inNamespace(namespace)
                    .withName(name)
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            Serialization.asJson(
                                    Map.of("metadata", Map.of("annotations", Map.of(Annotations.CANCEL, why)))));
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }
}
