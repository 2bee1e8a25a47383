package dev.mainstay.core.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;

/**
 * The write of a rollback: the whole template, if the Deployment is still the one that was seen and runs what was seen. All
 * annotations but our own stay, and the number of replicas, which is an autoscaler's (kubernetes issues 36851, 25236).
 */
public final class TemplatePatch {

    private TemplatePatch() {}

    /**
     * The JSON Patch.
     *
     * @param seen the Deployment as it was seen
     * @param to what it is to run
     * @param annotations what is noted on the Deployment with it
     */
    public static JsonNode of(DeploymentState seen, PodTemplate to, Map<String, String> annotations) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        ArrayNode patch = json.arrayNode();
        patch.add(JsonPatch.operation("test", "/metadata/uid", json.textNode(seen.uid())));
        // A template that was changed and changed back is the one that was seen, and is not to be changed again.
        patch.add(JsonPatch.operation(
                "test", "/metadata/generation", seen.json().path("metadata").path("generation")));
        patch.add(JsonPatch.operation("test", "/spec/template", seen.template().json()));
        patch.add(JsonPatch.operation(
                "replace", "/spec/template", to.withoutHashLabels().json()));
        if (!seen.json().path("metadata").hasNonNull("annotations")) {
            patch.add(JsonPatch.operation("add", "/metadata/annotations", json.objectNode()));
        }
        annotations.forEach(
                (key, value) -> patch.add(JsonPatch.operation("add", JsonPatch.annotation(key), json.textNode(value))));
        return patch;
    }
}
