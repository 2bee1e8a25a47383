package dev.mainstay.controller.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/** Reads of the API server whose answers are kept as they came. */
final class RawReads {

    private RawReads() {}

    /** What is at a path; empty when nothing is. */
    static Optional<JsonNode> json(KubernetesClient client, String path) {
        String answer = client.raw(path);
        try {
            return answer == null
                    ? Optional.empty()
                    : Optional.of(TaskJson.mapper().readTree(answer));
        } catch (JsonProcessingException e) {
            throw new KubernetesClientException("the API server's answer to GET " + path + " is no JSON", e);
        }
    }
}
