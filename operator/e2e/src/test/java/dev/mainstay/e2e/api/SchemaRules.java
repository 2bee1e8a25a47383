package dev.mainstay.e2e.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.ClusterClient.Cause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** The rules in crds/, found by walking the schemas, and the rule that a fault of a refused object tells of. */
final class SchemaRules {

    private static final List<String> KEYWORDS = List.of(
            "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "maxProperties", "enum");

    /** Structures of Kubernetes itself, without rules: the API server checks them when the Job is made. */
    private static final Set<String> KUBERNETES_OWN =
            Set.of("affinity", "tolerations", "topologySpreadConstraints", "resources", "imagePullSecrets");

    /** How the API server words the breach of a rule. */
    private static final Map<String, String> WORDS = Map.of(
            "should match '", "pattern",
            "chars long", "minLength",
            "may not be more than", "maxLength",
            "greater than or equal to", "minimum",
            "less than or equal to", "maximum",
            "must be of type date-time", "format",
            "should have at least", "minItems");

    /** Mark of a rule in CEL, before its message. */
    private static final String RULE = "rule: ";

    private static final Set<Rule> ALL = read();

    private SchemaRules() {}

    /**
     * A rule.
     *
     * @param kind plural of the kind
     * @param field path of the field, with {@code []} for items
     * @param keyword what is asked of it
     */
    record Rule(String kind, String field, String keyword) implements Comparable<Rule> {

        @Override
        public int compareTo(Rule other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return kind + " " + field + " " + keyword;
        }
    }

    static Set<Rule> all() {
        return ALL;
    }

    private static Set<Rule> read() {
        Set<Rule> rules = new TreeSet<>();
        forEachKind((kind, schema) -> collect(kind, "", schema, rules));
        return rules;
    }

    /** Paths of all fields of specs, as {@code kind:path}. */
    static Set<String> specFields() {
        Set<String> fields = new TreeSet<>();
        forEachKind((kind, schema) -> walk(kind + ":spec", schema.at("/properties/spec"), (path, ignored) -> {
            fields.add(path);
        }));
        return fields;
    }

    /** All defaults of specs, as {@code kind:path = value}. */
    static Set<String> specDefaults() {
        Set<String> defaults = new TreeSet<>();
        forEachKind((kind, schema) -> walk(kind + ":spec", schema.at("/properties/spec"), (path, field) -> {
            if (field.has("default")) {
                defaults.add(path + " = " + field.get("default").asText());
            }
        }));
        return defaults;
    }

    /** The rules that a fault tells of; none for one of the request as a whole. */
    static List<Rule> brokenBy(String kind, Cause cause) {
        String field = cause.field().replaceAll("\\[[^]]*]", "[]");
        return switch (cause.reason()) {
            case "FieldValueRequired" -> List.of(new Rule(kind, field, "required"));
            case "FieldValueNotSupported" -> List.of(new Rule(kind, field, "enum"));
            case "FieldValueDuplicate" -> List.of(new Rule(kind, field, "unique"));
            case "FieldValueTooLong" -> List.of(new Rule(kind, field, "maxLength"));
            case "FieldValueTooMany" ->
                List.of(new Rule(kind, field, "maxItems"), new Rule(kind, field, "maxProperties"));
            default -> worded(kind, field, cause.message());
        };
    }

    private static List<Rule> worded(String kind, String field, String message) {
        List<Rule> rules = new ArrayList<>();
        WORDS.forEach((words, keyword) -> {
            if (message.contains(words)) {
                rules.add(new Rule(kind, field, keyword));
            }
        });
        // The API server calls the object as a whole so.
        String path = field.equals("<nil>") ? "" : field;
        ALL.stream()
                .filter(rule -> rule.kind().equals(kind) && rule.field().equals(path))
                .filter(rule -> rule.keyword().startsWith(RULE)
                        && message.endsWith(rule.keyword().substring(RULE.length())))
                .forEach(rules::add);
        return rules;
    }

    private static void collect(String kind, String root, JsonNode schema, Set<Rule> rules) {
        walk(root, schema, (path, node) -> {
            KEYWORDS.stream().filter(node::has).forEach(keyword -> rules.add(new Rule(kind, path, keyword)));
            if (node.path("format").asText().equals("date-time")) {
                rules.add(new Rule(kind, path, "format"));
            }
            if (node.path("x-kubernetes-list-type").asText().equals("map")) {
                rules.add(new Rule(kind, path + "[]", "unique"));
            }
            node.path("required").forEach(name -> rules.add(new Rule(kind, join(path, name.asText()), "required")));
            node.path("x-kubernetes-validations")
                    .forEach(rule -> rules.add(
                            new Rule(kind, path, RULE + rule.path("message").asText())));
        });
    }

    private static void walk(String path, JsonNode schema, BiConsumer<String, JsonNode> visitor) {
        visitor.accept(path, schema);
        String name = path.substring(path.lastIndexOf('.') + 1);
        if (KUBERNETES_OWN.contains(name)) {
            return;
        }
        schema.path("properties")
                .propertyStream()
                .forEach(field -> walk(join(path, field.getKey()), field.getValue(), visitor));
        if (schema.has("items")) {
            walk(path + "[]", schema.get("items"), visitor);
        }
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static void forEachKind(BiConsumer<String, JsonNode> visitor) {
        ClusterClient.definitionFiles().forEach(file -> {
            try {
                JsonNode definition = new YAMLMapper().readTree(file.toFile());
                visitor.accept(
                        definition.at("/spec/names/plural").asText(),
                        definition.at("/spec/versions/0/schema/openAPIV3Schema"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
