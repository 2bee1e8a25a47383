package dev.mainstay.e2e.gitops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.mainstay.e2e.harness.ClusterClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** An object of Argo CD or Flux in the cluster, as JSON. */
final class EngineObject {

    private final String path;

    private EngineObject(String path) {
        this.path = path;
    }

    /** The objects of a file of the repository, to be changed before they are created. */
    static List<ObjectNode> example(String file) {
        YAMLMapper yaml = new YAMLMapper();
        try (var documents = yaml.readerFor(JsonNode.class)
                .<ObjectNode>readValues(ClusterClient.REPOSITORY
                        .resolve("deploy/gitops")
                        .resolve(file)
                        .toFile())) {
            return documents.readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Creates the object, whose kind has that plural. */
    static EngineObject create(String plural, ObjectNode object) {
        String collection = "/apis/" + object.path("apiVersion").asText() + "/namespaces/"
                + object.at("/metadata/namespace").asText() + "/" + plural;
        request("POST", collection, "application/json", object.toString());
        return new EngineObject(collection + "/" + object.at("/metadata/name").asText());
    }

    JsonNode get() {
        return request("GET", path, "application/json", null);
    }

    void patch(String merge) {
        request("PATCH", path, "application/merge-patch+json", merge);
    }

    /** Has the program look again at once. */
    void annotate(String annotation, String value) {
        ObjectNode patch = new ObjectMapper().createObjectNode();
        patch.putObject("metadata").putObject("annotations").put(annotation, value);
        patch(patch.toString());
    }

    /** Deletes it, and returns when the program has let it go. */
    void delete() {
        ClusterClient.get().request("DELETE", path, "application/json", null);
        ShopInGit.await(path + " is gone")
                .until(() -> ClusterClient.get()
                                .request("GET", path, "application/json", null)
                                .status()
                        == 404);
    }

    private static JsonNode request(String method, String path, String mediaType, String body) {
        ClusterClient.Answer answer = ClusterClient.get().request(method, path, mediaType, body);
        if (!answer.accepted()) {
            throw new IllegalStateException(method + " " + path + ": " + answer.message());
        }
        return answer.body();
    }
}
