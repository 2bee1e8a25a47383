package dev.mainstay.core.backup;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.core.task.TaskJson;

/** Specs and statuses with the fields that a test is about, in JSON whose names need no quotes and whose texts have single ones. */
final class Fields {

    private static final ObjectReader READER = TaskJson.mapper()
            .readerFor(ObjectNode.class)
            .with(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .with(JsonReadFeature.ALLOW_SINGLE_QUOTES);

    private Fields() {}

    /** An object with these fields. */
    static <T> T of(Class<T> type, String fields) {
        return read(type, TaskJson.mapper().createObjectNode(), fields);
    }

    /** The same object with these fields replaced. */
    @SuppressWarnings("unchecked")
    static <T> T with(T object, String fields) {
        return read((Class<T>) object.getClass(), TaskJson.mapper().valueToTree(object), fields);
    }

    private static <T> T read(Class<T> type, ObjectNode tree, String fields) {
        try {
            tree.setAll(READER.<ObjectNode>readValue(fields));
            return TaskJson.mapper().treeToValue(tree, type);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(fields, e);
        }
    }
}
