package dev.mainstay.controller.kube;

import dev.mainstay.core.rollback.QuotaState;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.stream.StreamSupport;

/** ResourceQuotas, at the API server itself. */
public final class Quotas {

    private final KubernetesClient client;

    public Quotas(KubernetesClient client) {
        this.client = client;
    }

    /** Those of a namespace; none when they may not be read, since a rollback that a quota stops tells so itself. */
    public List<QuotaState> list(String namespace) {
        try {
            return RawReads.json(client, "/api/v1/namespaces/" + namespace + "/resourcequotas")
                    .map(list -> StreamSupport.stream(list.path("items").spliterator(), false)
                            .map(QuotaState::new)
                            .toList())
                    .orElseGet(List::of);
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return List.of();
            }
            throw e;
        }
    }
}
