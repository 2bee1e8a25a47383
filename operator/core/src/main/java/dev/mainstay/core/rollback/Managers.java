package dev.mainstay.core.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Who wrote a field, as an object's managedFields tell. */
public final class Managers {

    private Managers() {}

    /** The one that wrote a Deployment's template last. */
    static String ofTemplate(DeploymentState deployment) {
        return of(deployment.json(), "template");
    }

    /**
     * The one that wrote a field of an object's spec last, for people; a field manager is no more than the name that a program
     * gave itself.
     */
    public static String of(JsonNode object, String field) {
        List<JsonNode> writers = new ArrayList<>();
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            // An autoscaler, and kubectl scale, write the replicas through the subresource.
            if (Set.of("", "scale").contains(entry.path("subresource").asText(""))
                    && entry.path("fieldsV1").path("f:spec").has("f:" + field)) {
                writers.add(entry);
            }
        }
        return writers.stream()
                .max(Comparator.comparing(entry -> entry.path("time").asText("")))
                .map(entry -> "\"" + entry.path("manager").asText() + "\" (field manager, "
                        + entry.path("time").asText("at an unknown time") + ")")
                .orElse("somebody");
    }
}
