package dev.mainstay.controller.kube;

import dev.mainstay.api.SecretKeyReference;
import dev.mainstay.core.alert.SecretSeen;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Single keys of Secrets, each read when it is needed: one that was rotated is the new one at once. No Secret is listed or watched,
 * and the operator may read those alone that a Role of their namespace names.
 */
public final class Secrets {

    private final KubernetesClient client;

    public Secrets(KubernetesClient client) {
        this.client = client;
    }

    /** What is read of a key; what it says of itself never has the value in it. */
    public static final class Read {

        private final SecretSeen seen;
        private final String value;

        private Read(SecretSeen seen, String value) {
            this.seen = seen;
            this.value = value;
        }

        /** What was found. */
        public SecretSeen seen() {
            return seen;
        }

        /** The value without the spaces and line breaks around it; empty when there is none. */
        public Optional<String> value() {
            return Optional.ofNullable(value);
        }

        @Override
        public String toString() {
            return seen.toString();
        }
    }

    /**
     * Reads one.
     *
     * @throws KubernetesClientException when the API server could not be asked
     */
    public Read read(String namespace, SecretKeyReference key) {
        Secret secret;
        try {
            secret =
                    client.secrets().inNamespace(namespace).withName(key.name()).get();
        } catch (KubernetesClientException e) {
            String said = ApiErrors.refusal(e).orElseThrow(() -> e);
            return new Read(new SecretSeen.Forbidden(said), null);
        }
        if (secret == null) {
            return new Read(new SecretSeen.NotFound(), null);
        }
        Map<String, String> data = Objects.requireNonNullElse(secret.getData(), Map.of());
        if (!data.containsKey(key.key())) {
            return new Read(new SecretSeen.KeyMissing(), null);
        }
        String encoded = Objects.requireNonNullElse(data.get(key.key()), "");
        String value = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8).strip();
        return value.isEmpty() ? new Read(new SecretSeen.Blank(), null) : new Read(new SecretSeen.Present(), value);
    }
}
