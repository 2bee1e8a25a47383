package dev.mainstay.controller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.MainstayResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the API server publishes of our kinds. Every authenticated user may read it, so it takes no right to the definitions
 * themselves, which are cluster-scoped.
 */
public final class ServedSchemas {

    private static final String PATH = "/openapi/v3/apis/" + MainstayResource.GROUP + "/" + MainstayResource.VERSION;

    private final KubernetesClient client;

    /** @param client whose server is asked */
    public ServedSchemas(KubernetesClient client) {
        this.client = client;
    }

    /** The schemas by kind; empty when the server does not tell now. */
    public Optional<Map<String, JsonNode>> read() {
        try {
            return RawReads.json(client, PATH).map(ServedSchemas::byKind);
        } catch (KubernetesClientException e) {
            return Optional.empty();
        }
    }

    private static Map<String, JsonNode> byKind(JsonNode document) {
        Map<String, JsonNode> schemas = new HashMap<>();
        for (JsonNode schema : document.path("components").path("schemas")) {
            for (JsonNode served : schema.path("x-kubernetes-group-version-kind")) {
                if (MainstayResource.GROUP.equals(served.path("group").asText())
                        && schema.path("properties").has("spec")) {
                    schemas.put(served.path("kind").asText(), schema);
                }
            }
        }
        return schemas;
    }
}
