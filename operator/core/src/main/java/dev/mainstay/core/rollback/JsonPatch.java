package dev.mainstay.core.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Operations of a JSON Patch (RFC 6902). */
public final class JsonPatch {

    private JsonPatch() {}

    /** Where an annotation stands. */
    public static String annotation(String key) {
        return "/metadata/annotations/" + key.replace("~", "~0").replace("/", "~1");
    }

    /** One operation; without a value when that is null. */
    public static ObjectNode operation(String name, String path, JsonNode value) {
        ObjectNode operation =
                JsonNodeFactory.instance.objectNode().put("op", name).put("path", path);
        if (value != null) {
            operation.set("value", value);
        }
        return operation;
    }
}
