package dev.mainstay.controller.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.UncheckedIOException;

/** As whom the API server knows this process. */
public final class OwnUser {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REVIEW = """
            {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}""";

    private final KubernetesClient client;
    private volatile String name;

    public OwnUser(KubernetesClient client) {
        this.client = client;
    }

    /** The user's name; asked for once, which every user may. */
    public String name() {
        String known = name;
        if (known == null) {
            known = ask();
            name = known;
        }
        return known;
    }

    private String ask() {
        String answer = client.raw("/apis/authentication.k8s.io/v1/selfsubjectreviews", "POST", REVIEW);
        try {
            return JSON.readTree(answer).at("/status/userInfo/username").asText();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("the answer to a SelfSubjectReview is not JSON", e);
        }
    }
}
