package dev.mainstay.e2e.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mainstay.api.json.TolerantReading;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The cluster of KUBECONFIG, as its administrator; one for all tests of a JVM. */
public final class ClusterClient {

    /** Folder of the repository. */
    public static final Path REPOSITORY = Path.of(System.getProperty("repositoryRoot"));

    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubernetesClient client;

    private ClusterClient(KubernetesClient client) {
        this.client = client;
    }

    /** The client, connected, with the CustomResourceDefinitions of this build installed. */
    public static ClusterClient get() {
        return Holder.INSTANCE;
    }

    public KubernetesClient client() {
        return client;
    }

    public URI server() {
        return URI.create(client.getMasterUrl().toString().replaceAll("/+$", ""));
    }

    /** The certificate authority of the API server, as PEM. */
    public String certificateAuthority() {
        Config config = client.getConfiguration();
        try {
            return config.getCaCertData() == null
                    ? Files.readString(Path.of(config.getCaCertFile()))
                    : new String(Base64.getDecoder().decode(config.getCaCertData()), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One request as it is, for what the typed client hides: refusals with their causes, dry runs, tables.
     *
     * @param method HTTP method
     * @param path path and query
     * @param mediaType of the body; of the wanted answer for a request without one
     * @param body JSON; null when there is none
     */
    public Answer request(String method, String path, String mediaType, String body) {
        HttpRequest.Builder request = client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(server() + path)
                .header("Accept", body == null ? mediaType : "application/json")
                .method(method, body == null ? null : mediaType, body);
        HttpResponse<String> response = client.getHttpClient()
                .sendAsync(request.build(), String.class)
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        try {
            return new Answer(response.code(), JSON.readTree(response.body()));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the API server said. */
    public record Answer(int status, JsonNode body) {

        public boolean accepted() {
            return status / 100 == 2;
        }

        /** The reason of a refusal. */
        public String message() {
            return body.path("message").asText();
        }

        /** The single faults of a refusal. */
        public List<Cause> causes() {
            return body.at("/details/causes")
                    .valueStream()
                    .map(cause -> new Cause(
                            cause.path("reason").asText(),
                            cause.path("field").asText(),
                            cause.path("message").asText()))
                    .toList();
        }
    }

    /** One fault of a refused object. */
    public record Cause(String reason, String field, String message) {}

    /** Applies a definition, unless a release of the chart brought it, and waits until the API server serves it. */
    public void install(CustomResourceDefinition definition) {
        CustomResourceDefinition present = client.resource(definition).get();
        if (present != null
                && present.getMetadata().getAnnotations() != null
                && present.getMetadata().getAnnotations().containsKey("meta.helm.sh/release-name")) {
            return;
        }
        client.resource(definition)
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("mainstay-e2e")
                        .withForce(true)
                        .build());
        client.resource(definition)
                .waitUntilCondition(
                        found -> found != null
                                && found.getStatus() != null
                                && found.getStatus().getConditions() != null
                                && found.getStatus().getConditions().stream()
                                        .anyMatch(
                                                condition -> condition.getType().equals("Established")
                                                        && condition.getStatus().equals("True")),
                        20,
                        TimeUnit.SECONDS);
    }

    /** The files of crds/. */
    public static List<Path> definitionFiles() {
        try (Stream<Path> files = Files.list(REPOSITORY.resolve("crds"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClusterClient connect() {
        KubernetesClient client = new KubernetesClientBuilder()
                // An API server that shares two cores with all that it looks after may take its time.
                .editOrNewConfig()
                .withRequestTimeout(60_000)
                .endConfig()
                .withKubernetesSerialization(
                        new KubernetesSerialization(TolerantReading.configure(new ObjectMapper()), true))
                .build();
        try {
            client.getKubernetesVersion();
        } catch (KubernetesClientException e) {
            throw new IllegalStateException(
                    "no cluster answers: start one and set KUBECONFIG, as in eval \"$(deploy/local/cluster env)\"", e);
        }
        ClusterClient cluster = new ClusterClient(client);
        for (Path file : definitionFiles()) {
            cluster.install(client.getKubernetesSerialization().unmarshal(read(file), CustomResourceDefinition.class));
        }
        return cluster;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Holder {
        static final ClusterClient INSTANCE = connect();
    }
}
