package dev.mainstay.core.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Who wrote a Deployment's template, as its managedFields tell. */
final class Managers {

    private Managers() {}

    /** The one that wrote it last, for people; a field manager is no more than the name that a program gave itself. */
    static String ofTemplate(DeploymentState deployment) {
        List<JsonNode> writers = new ArrayList<>();
        for (JsonNode entry : deployment.json().path("metadata").path("managedFields")) {
            if (entry.path("subresource").asText("").isEmpty()
                    && entry.path("fieldsV1").path("f:spec").has("f:template")) {
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
