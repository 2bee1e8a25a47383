package dev.mainstay.core.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.mainstay.core.rollback.JsonPatch;
import java.util.Optional;

/**
 * Lets go of the field that says whether a workload runs, so that who applies it next meets no conflict.
 *
 * <p>Unlike a pod template it is given to nobody: where an autoscaler sets the replicas, whoever applies the rest must not come to
 * own them, since leaving them out at the next release would then set them to 1. Who has them in what they apply owns them again
 * as soon as they apply it.
 */
public final class ScaleOwnership {

    /** Under which name workloads are stopped and given back. */
    public static final String MANAGER = "mainstay-workloads";

    private static final String PATH = "/metadata/managedFields/";

    private ScaleOwnership() {}

    /**
     * The JSON Patch that does it, which fails if somebody else was faster; empty when there is nothing to let go of.
     *
     * @param object the whole object
     */
    public static Optional<JsonNode> release(JsonNode object) {
        JsonNode entries = object.path("metadata").path("managedFields");
        for (int index = 0; index < entries.size(); index++) {
            if (MANAGER.equals(entries.get(index).path("manager").asText())) {
                ArrayNode patch = JsonNodeFactory.instance.arrayNode();
                patch.add(JsonPatch.operation("test", PATH + index, entries.get(index)));
                patch.add(JsonPatch.operation("remove", PATH + index, null));
                return Optional.of(patch);
            }
        }
        return Optional.empty();
    }
}
