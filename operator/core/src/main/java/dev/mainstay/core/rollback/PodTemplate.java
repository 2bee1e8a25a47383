package dev.mainstay.core.rollback;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.Annotations;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/**
 * A pod template as the API server stores it. It is kept as JSON, since what is written back must be what was read, fields
 * of a newer Kubernetes included.
 *
 * @param json {@code spec.template} of a Deployment or ReplicaSet
 */
public record PodTemplate(@JsonValue JsonNode json) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public PodTemplate {}

    /** Labels that controllers add to tell the Pods of one template from those of another. */
    private static final Set<String> HASH_LABELS =
            Set.of("pod-template-hash", "rollouts-pod-template-hash", "controller-revision-hash");

    /** What a restart writes into a template; two templates that differ by it run the same (kubernetes issue 83448). */
    private static final Set<String> RESTART_ANNOTATIONS =
            Set.of("kubectl.kubernetes.io/restartedAt", Annotations.RESTARTED_AT, "cattle.io/timestamp");

    private static final String VERSION_LABEL = "app.kubernetes.io/version";

    /** The template without the labels that a ReplicaSet's controller added to it: what may be written into a Deployment. */
    public PodTemplate withoutHashLabels() {
        ObjectNode copy = json.deepCopy();
        removeAll(copy.path("metadata").path("labels"), HASH_LABELS);
        return new PodTemplate(copy);
    }

    /** Whether Pods of both run the same: restarts, hash labels and what a server adds or leaves out aside. */
    public boolean runsLike(PodTemplate other) {
        return effective().equals(other.effective());
    }

    /** The first 10 characters of the SHA-256 of what it runs, in hexadecimal. */
    public String hash() {
        return sha256(effective()).substring(0, 10);
    }

    /** Labels of its Pods, without those that tell its Pods from another template's. */
    public Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        json.path("metadata")
                .path("labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        labels.keySet().removeAll(HASH_LABELS);
        return labels;
    }

    /** Images by container, those of init containers too. */
    public Map<String, String> images() {
        Map<String, String> images = new LinkedHashMap<>();
        for (JsonNode container : containers()) {
            images.put(container.path("name").asText(), container.path("image").asText());
        }
        return images;
    }

    /** Its label {@code app.kubernetes.io/version}, else the tag of the first container's image, else null. */
    public String version() {
        JsonNode label = json.path("metadata").path("labels").path(VERSION_LABEL);
        if (label.isTextual() && !label.asText().isBlank()) {
            return label.asText();
        }
        JsonNode image = json.path("spec").path("containers").path(0).path("image");
        return image.isTextual() ? Images.tag(image.asText()) : null;
    }

    /** Names of the ConfigMaps that its Pods read. */
    public Set<String> configMaps() {
        Set<String> names = new TreeSet<>();
        referenced("configMapRef", "configMapKeyRef", "configMap", "name", names);
        return names;
    }

    /** Names of the Secrets that its Pods read, those to pull images with aside. */
    public Set<String> secrets() {
        Set<String> names = new TreeSet<>();
        referenced("secretRef", "secretKeyRef", "secret", "secretName", names);
        return names;
    }

    /** All containers, those that run first first. */
    List<JsonNode> containers() {
        List<JsonNode> containers = new ArrayList<>();
        json.path("spec").path("initContainers").forEach(containers::add);
        json.path("spec").path("containers").forEach(containers::add);
        return containers;
    }

    private void referenced(String all, String key, String volume, String volumeName, Set<String> names) {
        for (JsonNode container : containers()) {
            container.path("envFrom").forEach(source -> add(source.path(all).path("name"), names));
            container
                    .path("env")
                    .forEach(
                            variable -> add(variable.path("valueFrom").path(key).path("name"), names));
        }
        for (JsonNode mounted : json.path("spec").path("volumes")) {
            add(mounted.path(volume).path(volumeName), names);
            // A projected source names a Secret by name, unlike a volume of its own.
            mounted.path("projected")
                    .path("sources")
                    .forEach(source -> add(source.path(volume).path("name"), names));
        }
    }

    private static void add(JsonNode name, Set<String> names) {
        if (name.isTextual() && !name.asText().isEmpty()) {
            names.add(name.asText());
        }
    }

    private String effective() {
        ObjectNode copy = json.deepCopy();
        removeAll(copy.path("metadata").path("labels"), HASH_LABELS);
        removeAll(copy.path("metadata").path("annotations"), RESTART_ANNOTATIONS);
        StringBuilder text = new StringBuilder();
        write(copy, text);
        return text.toString();
    }

    private static void removeAll(JsonNode object, Set<String> keys) {
        if (object instanceof ObjectNode fields) {
            fields.remove(keys);
        }
    }

    /** JSON with sorted keys and without what is empty, which one way of reading keeps and another leaves out. */
    private static void write(JsonNode node, StringBuilder text) {
        if (node.isObject()) {
            Map<String, String> fields = new TreeMap<>();
            node.properties().forEach(field -> {
                StringBuilder value = new StringBuilder();
                write(field.getValue(), value);
                if (!isEmpty(value)) {
                    fields.put(field.getKey(), value.toString());
                }
            });
            text.append('{');
            fields.forEach((name, value) ->
                    text.append('"').append(name).append("\":").append(value).append(','));
            text.append('}');
        } else if (node.isArray()) {
            text.append('[');
            StreamSupport.stream(node.spliterator(), false).forEach(element -> {
                write(element, text);
                text.append(',');
            });
            text.append(']');
        } else {
            text.append(node);
        }
    }

    private static boolean isEmpty(CharSequence value) {
        return switch (value.toString()) {
            case "{}", "[]", "null" -> true;
            default -> false;
        };
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
