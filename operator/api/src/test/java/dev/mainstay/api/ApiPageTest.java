package dev.mainstay.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/reference/api.md is what the checked-in definitions say. */
class ApiPageTest {

    private static final Path ROOT = Path.of(System.getProperty("repositoryRoot"));
    private static final Path PAGE = ROOT.resolve("docs/reference/api.md");

    /** Files of crds/ in the order in which the kinds are used. */
    private static final List<String> FILES = List.of(
            "managedapplications.yaml",
            "backuppolicies.yaml",
            "databasebackups.yaml",
            "rollbackrequests.yaml",
            "restorerequests.yaml",
            "maintenancemodes.yaml",
            "runbooks.yaml",
            "maintenanceschedules.yaml",
            "maintenanceruns.yaml",
            "alertrules.yaml",
            "notificationchannels.yaml");

    /** Fields whose inside is Kubernetes' own and documented there. */
    private static final Set<String> KUBERNETES_OWN =
            Set.of("resources", "tolerations", "affinity", "topologySpreadConstraints", "imagePullSecrets");

    @Test
    void pageListsEveryField() throws IOException {
        String wanted = render();
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, wanted);
        }
        assertThat(PAGE)
                .as("%s is not what crds/ says: run `make generate`", PAGE)
                .hasContent(wanted);
    }

    @Test
    void pageHasEveryDefinition() throws IOException {
        try (var files = Files.list(ROOT.resolve("crds"))) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(FILES);
        }
    }

    private static String render() throws IOException {
        StringBuilder page = new StringBuilder("""
                <!-- Generated from crds/ by `make generate`; do not edit. -->
                # The API: mainstay.dev/v1alpha1

                Every field of every kind. The API server checks the limits when an object is applied; asked by kubectl, it
                refuses unknown fields too.
                """);
        for (String file : FILES) {
            appendKind(
                    page,
                    new YAMLMapper().readTree(ROOT.resolve("crds").resolve(file).toFile()));
        }
        return page.toString();
    }

    private static void appendKind(StringBuilder page, JsonNode definition) {
        JsonNode names = definition.at("/spec/names");
        JsonNode version = definition.at("/spec/versions/0");
        JsonNode schema = version.at("/schema/openAPIV3Schema");
        page.append("\n## %s%n%n%s%n%nResource `%s`, short `%s`. Columns: %s.%n"
                .formatted(
                        names.get("kind").asText(),
                        schema.get("description").asText(),
                        names.get("plural").asText(),
                        names.at("/shortNames/0").asText(),
                        columns(version)));
        schema.path("x-kubernetes-validations")
                .forEach(rule -> page.append(
                        "%nRule: %s.%n".formatted(rule.get("message").asText())));
        for (String part : List.of("spec", "status")) {
            page.append("\n### %s of %s%n%n| field | type | default | limits | what it is |%n"
                    .formatted(part, names.get("kind").asText()));
            page.append("| --- | --- | --- | --- | --- |\n");
            appendFields(page, schema.at("/properties/" + part), "");
        }
    }

    private static String columns(JsonNode version) {
        return version.get("additionalPrinterColumns")
                .valueStream()
                .map(column -> column.get("name").asText()
                        + (column.path("priority").asInt() > 0 ? " (with `--output wide`)" : ""))
                .collect(Collectors.joining(", "));
    }

    private static void appendFields(StringBuilder page, JsonNode object, String prefix) {
        Set<String> required =
                object.path("required").valueStream().map(JsonNode::asText).collect(Collectors.toSet());
        object.path("properties").properties().forEach(field -> {
            String path = prefix + field.getKey();
            JsonNode schema = field.getValue();
            page.append("| `%s` | %s | %s | %s | %s |%n"
                    .formatted(
                            path,
                            type(schema),
                            schema.has("default") ? "`" + schema.get("default").asText() + "`" : "",
                            limits(schema, required.contains(field.getKey())),
                            cell(schema.path("description").asText())));
            if (!KUBERNETES_OWN.contains(field.getKey())) {
                appendFields(page, schema, path + ".");
                appendFields(page, schema.path("items"), path + "[].");
            }
        });
    }

    private static String type(JsonNode schema) {
        String type = schema.path("type").asText();
        if (type.equals("array")) {
            return "list of " + type(schema.path("items")) + "s";
        }
        if (schema.has("additionalProperties")) {
            return "map of " + type(schema.get("additionalProperties")) + "s";
        }
        return schema.path("format").asText().equals("date-time") ? "time" : type;
    }

    private static String limits(JsonNode schema, boolean required) {
        List<String> limits = new ArrayList<>();
        if (required) {
            limits.add("required");
        }
        if (schema.has("enum")) {
            limits.add(schema.get("enum")
                    .valueStream()
                    .map(value -> "`" + value.asText() + "`")
                    .collect(Collectors.joining(", ", "one of ", "")));
        }
        range(limits, schema, "minimum", "maximum", "");
        range(limits, schema, "minLength", "maxLength", " characters");
        range(limits, schema, "minItems", "maxItems", " entries");
        range(limits, schema, "minProperties", "maxProperties", " entries");
        if (schema.has("pattern")) {
            limits.add("matches `" + cell(schema.get("pattern").asText()) + "`");
        }
        schema.path("x-kubernetes-validations")
                .forEach(rule -> limits.add(cell(rule.get("message").asText())));
        return String.join("; ", limits);
    }

    private static void range(List<String> limits, JsonNode schema, String low, String high, String unit) {
        if (schema.has(low) && schema.has(high)) {
            limits.add("%s to %s%s"
                    .formatted(schema.get(low).asText(), schema.get(high).asText(), unit));
        } else if (schema.has(high)) {
            limits.add("at most " + schema.get(high).asText() + unit);
        } else if (schema.has(low)) {
            limits.add("at least " + schema.get(low).asText() + unit);
        }
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
