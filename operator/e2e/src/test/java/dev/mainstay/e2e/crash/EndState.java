package dev.mainstay.e2e.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.FakeBucket.Mark;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is left when all is done, without what differs between any two runs: times, uids, and names made of them. A disturbed
 * run must come to the same as an undisturbed one.
 *
 * @param statuses status by {@code kind/name}
 * @param tasks task and attempt of each Job
 * @param bucket marks by the attempt's number
 */
record EndState(Map<String, JsonNode> statuses, List<String> tasks, Map<String, Mark> bucket) {

    private static final String TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z";
    private static final String ATTEMPT_FOLDER = "[^/ ]*/shop/[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}-";

    static EndState of(TestNamespace namespace, Map<String, Mark> bucket) {
        Map<String, JsonNode> statuses = new TreeMap<>();
        Stream.of(namespace.list(DatabaseBackup.class), namespace.list(BackupPolicy.class))
                .flatMap(List::stream)
                .forEach(object -> statuses.put(
                        object.getKind() + "/" + object.getMetadata().getName(), status(namespace, object)));
        Map<String, Mark> marks = new TreeMap<>();
        bucket.forEach((path, mark) -> marks.put(neutral(path), mark));
        return new EndState(statuses, new Shop(namespace, DisturbedRun.SHOP).tasks(), marks);
    }

    /** Newest versions of all objects of ours, by which it is seen that nothing is written any more. */
    static Map<String, String> versions(TestNamespace namespace) {
        Map<String, String> versions = new TreeMap<>();
        Stream.of(namespace.list(DatabaseBackup.class), namespace.list(BackupPolicy.class), namespace.list(Job.class))
                .flatMap(List::stream)
                .forEach(object -> versions.put(
                        object.getKind() + "/" + object.getMetadata().getName(),
                        object.getMetadata().getResourceVersion()));
        return versions;
    }

    private static JsonNode status(TestNamespace namespace, HasMetadata object) {
        ObjectNode status = (ObjectNode) ClusterClient.get()
                .client()
                .getKubernetesSerialization()
                .convertValue(object, ObjectNode.class)
                .path("status");
        // It tells of whoever spoke with the store last: a backup, or a preflight that an operator's death has delayed.
        status.withArray("conditions")
                .removeIf(condition -> condition.path("type").asText().equals("StorageReachable"));
        return neutral(status, namespace.name());
    }

    /** The same without times, uids and names made of them. */
    static JsonNode neutral(JsonNode node, String namespace) {
        if (node instanceof ObjectNode object) {
            object.propertyStream().toList().forEach(field -> object.set(field.getKey(), neutral(field, namespace)));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, neutral(array.get(i), namespace));
            }
        } else if (node.isTextual()) {
            return TextNode.valueOf(neutral(node.asText().replace(namespace, "namespace")));
        }
        return node;
    }

    private static JsonNode neutral(Map.Entry<String, JsonNode> field, String namespace) {
        return switch (field.getKey()) {
            case "duration" -> TextNode.valueOf("some time");
            // Made of a uid.
            case "key" -> TextNode.valueOf("some key");
            default -> neutral(field.getValue(), namespace);
        };
    }

    private static String neutral(String text) {
        return text.replaceAll(ATTEMPT_FOLDER, "attempt-")
                .replaceAll(TIME, "some time")
                .replaceAll("-[0-9a-f]{8}(-[a-z0-9]{5})?\\b", "-hash");
    }
}
