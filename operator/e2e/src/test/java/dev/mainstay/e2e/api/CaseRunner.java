package dev.mainstay.e2e.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.ClusterClient.Answer;

/** Asks the API server about a case. What is judged is a dry run: it is checked in full and leaves nothing behind. */
final class CaseRunner {

    private static final String DRY = "?dryRun=All&fieldValidation=Strict";

    private final ClusterClient cluster = ClusterClient.get();
    private final String namespace;

    CaseRunner(String namespace) {
        this.namespace = namespace;
    }

    Answer judge(CaseFile file) {
        ObjectNode first = named(file, 0);
        if (file.documents().size() == 2) {
            Answer created = create(file, first);
            ObjectNode changed = named(file, 1);
            ((ObjectNode) changed.get("metadata"))
                    .put(
                            "resourceVersion",
                            created.body().at("/metadata/resourceVersion").asText());
            return cluster.request(
                    "PUT", collection(file) + "/" + name(file) + DRY, "application/json", changed.toString());
        }
        JsonNode status = first.remove("status");
        if (status == null) {
            return cluster.request("POST", collection(file) + DRY, "application/json", first.toString());
        }
        create(file, first);
        ObjectNode patch = first.objectNode();
        patch.set("status", status);
        return cluster.request(
                "PATCH",
                collection(file) + "/" + name(file) + "/status" + DRY,
                "application/merge-patch+json",
                patch.toString());
    }

    private Answer create(CaseFile file, ObjectNode object) {
        Answer created = cluster.request("POST", collection(file), "application/json", object.toString());
        if (!created.accepted()) {
            throw new IllegalStateException(file + ": the object to start from was refused: " + created.message());
        }
        return created;
    }

    private ObjectNode named(CaseFile file, int document) {
        ObjectNode object = file.documents().get(document).deepCopy();
        object.withObject("/metadata").put("name", name(file)).put("namespace", namespace);
        return object;
    }

    private static String name(CaseFile file) {
        return file.name() + (file.valid() ? "-valid" : "-invalid");
    }

    private String collection(CaseFile file) {
        return "/apis/mainstay.dev/v1alpha1/namespaces/" + namespace + "/" + file.kind();
    }
}
