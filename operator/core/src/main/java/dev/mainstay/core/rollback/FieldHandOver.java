package dev.mainstay.core.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Gives the fields that a rollback wrote to the one that had them before. With an entry of ours the next {@code helm upgrade},
 * which applies without force, would meet a conflict; and fields that nobody owns would stay for ever, although the next
 * release has them no more (kubernetes issue 94698).
 */
public final class FieldHandOver {

    /** Under which name rollbacks write. */
    public static final String MANAGER = "mainstay-rollback";

    private static final String PATH = "/metadata/managedFields/";

    private FieldHandOver() {}

    /**
     * The JSON Patch that does it, which fails if somebody else was faster; empty when there is nothing to give.
     *
     * @param object the whole object
     */
    public static Optional<JsonNode> patch(JsonNode object) {
        return patch(object, MANAGER);
    }

    /**
     * The same for what was written under another name.
     *
     * @param object the whole object
     * @param manager the name
     */
    public static Optional<JsonNode> patch(JsonNode object, String manager) {
        JsonNode entries = object.path("metadata").path("managedFields");
        Optional<Integer> ours = IntStream.range(0, entries.size())
                .boxed()
                .filter(index ->
                        manager.equals(entries.get(index).path("manager").asText()))
                .findFirst();
        if (ours.isEmpty()) {
            return Optional.empty();
        }
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        JsonNode given = entries.get(ours.get());
        successor(entries, ours.get()).ifPresent(successor -> {
            JsonNode entry = entries.get(successor);
            ObjectNode merged = entry.path("fieldsV1").deepCopy();
            ObjectNode spec = JsonNodeFactory.instance.objectNode();
            spec.set("f:spec", given.path("fieldsV1").path("f:spec"));
            merge(merged, spec);
            patch.add(JsonPatch.operation("test", PATH + successor, entry));
            patch.add(JsonPatch.operation("replace", PATH + successor + "/fieldsV1", merged));
        });
        patch.add(JsonPatch.operation("test", PATH + ours.get(), given));
        patch.add(JsonPatch.operation("remove", PATH + ours.get(), null));
        return Optional.of(patch);
    }

    /** Who applies the object, the newest if there are several; else who wrote its template, or its spec, last. */
    private static Optional<Integer> successor(JsonNode entries, int ours) {
        return IntStream.range(0, entries.size())
                .boxed()
                .filter(index -> index != ours)
                .filter(index ->
                        entries.get(index).path("subresource").asText("").isEmpty())
                .filter(index -> entries.get(index).path("fieldsV1").has("f:spec"))
                .max(Comparator.comparing((Integer index) -> "Apply"
                                .equals(entries.get(index).path("operation").asText()))
                        .thenComparing(index -> entries.get(index)
                                .path("fieldsV1")
                                .path("f:spec")
                                .has("f:template"))
                        .thenComparing(index -> entries.get(index).path("time").asText("")));
    }

    private static void merge(ObjectNode into, ObjectNode from) {
        from.properties().forEach(field -> {
            JsonNode there = into.get(field.getKey());
            if (there instanceof ObjectNode object && field.getValue() instanceof ObjectNode more) {
                merge(object, more);
            } else if (there == null) {
                into.set(field.getKey(), field.getValue().deepCopy());
            }
        });
    }
}
