package dev.mainstay.controller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.core.rollback.ServiceState;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Services and where they lead, at the API server itself. */
public final class Services {

    private final KubernetesClient client;

    public Services(KubernetesClient client) {
        this.client = client;
    }

    /** A Service as it is now. That it may not be read is part of the answer: the rest of a rollback does not need it. */
    public ServiceState read(String namespace, String name) {
        try {
            Optional<JsonNode> service = RawReads.json(client, "/api/v1/namespaces/" + namespace + "/services/" + name);
            return service.map(found -> new ServiceState(name, found, slices(namespace, name), null))
                    .orElseGet(() -> new ServiceState(name, null, List.of(), null));
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return new ServiceState(name, null, List.of(), ApiErrors.message(e));
            }
            throw e;
        }
    }

    private List<JsonNode> slices(String namespace, String service) {
        return RawReads.json(
                        client,
                        "/apis/discovery.k8s.io/v1/namespaces/" + namespace
                                + "/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D" + service)
                .map(list -> StreamSupport.stream(list.path("items").spliterator(), false)
                        .toList())
                .orElseGet(List::of);
    }
}
