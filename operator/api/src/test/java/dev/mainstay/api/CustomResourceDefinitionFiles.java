package dev.mainstay.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.Runbook;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the CustomResourceDefinitions from the records: what the generator gives, and the few things it can't say. */
final class CustomResourceDefinitionFiles {

    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build());

    private CustomResourceDefinitionFiles() {}

    static final List<Class<? extends HasMetadata>> KINDS = List.of(
            ManagedApplication.class,
            BackupPolicy.class,
            DatabaseBackup.class,
            RollbackRequest.class,
            RestoreRequest.class,
            MaintenanceMode.class,
            Runbook.class,
            MaintenanceSchedule.class,
            MaintenanceRun.class,
            AlertRule.class,
            NotificationChannel.class);

    /** The definitions by file name, in order. */
    static Map<String, String> generate(Path folder) throws IOException {
        new CRDGenerator()
                .customResourceClasses(KINDS)
                .forCRDVersions("v1")
                .inOutputDir(folder.toFile())
                .detailedGenerate();
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> generated = Files.list(folder)) {
            for (Path file : generated.toList()) {
                ObjectNode definition = (ObjectNode) YAML.readTree(file.toFile());
                complete(definition);
                orderColumns(definition);
                files.put(
                        definition.at("/spec/names/plural").asText() + ".yaml",
                        "# Generated from operator/api by `make generate`; do not edit.\n"
                                + YAML.writeValueAsString(definition));
            }
        }
        return files;
    }

    private static void complete(ObjectNode definition) {
        ObjectNode schema = (ObjectNode) definition.at("/spec/versions/0/schema/openAPIV3Schema");
        // kstatus (Flux, Helm 4) takes an object without status for Current; this makes it InProgress from the start.
        ObjectNode status = (ObjectNode) schema.at("/properties/status");
        status.putObject("default").put("observedGeneration", -1);
        schema.putArray("required").add("spec");
        listTypeMap(status.at("/properties/conditions"), "type");
        listTypeMap(schema.at("/properties/spec/properties/databases"), "name");
        listTypeMap(schema.at("/properties/spec/properties/caches"), "name");
        listTypeMap(schema.at("/properties/spec/properties/certificates"), "name");
        listTypeMap(schema.at("/properties/spec/properties/urls"), "name");
        listTypeMap(schema.at("/properties/spec/properties/windows"), "name");
        listTypeMap(schema.at("/properties/spec/properties/freezes"), "name");
        listTypeMap(schema.at("/properties/status/properties/attempts"), "number");
        tidy(schema);
        unruled(status.at("/properties/notifications"));
        unruled(status.at("/properties/sources"));
        schema.put(
                "description",
                type(definition).getAnnotation(JsonClassDescription.class).value());
        ((ObjectNode) schema.at("/properties")).set("spec", describe(schema.at("/properties/spec"), "What is wanted."));
        ((ObjectNode) schema.at("/properties"))
                .set("status", describe(status, "What was found and done; written by Mainstay alone."));
    }

    /** Puts the columns into the order of their annotations; the generator sorts them by path. */
    private static void orderColumns(ObjectNode definition) {
        List<String> order = Stream.of(type(definition).getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        ObjectNode version = (ObjectNode) definition.at("/spec/versions/0");
        List<JsonNode> columns = version.get("additionalPrinterColumns")
                .valueStream()
                .sorted(Comparator.comparingInt(
                        column -> order.indexOf(column.get("name").asText())))
                .toList();
        version.putArray("additionalPrinterColumns").addAll(columns);
    }

    private static Class<?> type(ObjectNode definition) {
        String kind = definition.at("/spec/names/kind").asText();
        return KINDS.stream()
                .filter(candidate -> candidate.getSimpleName().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode describe(JsonNode node, String description) {
        ObjectNode described = YAML.createObjectNode();
        described.put("description", description);
        described.setAll((ObjectNode) node);
        return described;
    }

    /** Server-side apply takes a list for atomic unless told otherwise (fabric8 kubernetes-client issue 6669). */
    private static void listTypeMap(JsonNode list, String key) {
        if (list instanceof ObjectNode node) {
            node.put("x-kubernetes-list-type", "map");
            node.putArray("x-kubernetes-list-map-keys").add(key);
            ArrayNode required = node.withObject("/items").withArrayProperty("required");
            if (required.valueStream().noneMatch(name -> name.asText().equals(key))) {
                required.add(key);
            }
        }
    }

    /**
     * Takes out the enum constants that stand for values of newer versions, and the second of two equal rules, since the
     * generator finds a record's rule on the field and on its accessor; writes whole numbers as such.
     */
    private static void tidy(JsonNode node) {
        if (node instanceof ObjectNode object) {
            if (object.get("enum") instanceof ArrayNode values) {
                removeUnrecognized(values);
            }
            if (object.get("x-kubernetes-validations") instanceof ArrayNode rules) {
                Set<JsonNode> distinct = rules.valueStream().collect(Collectors.toCollection(LinkedHashSet::new));
                rules.removeAll();
                rules.addAll(distinct);
            }
            for (String limit : List.of("minimum", "maximum")) {
                if (object.get(limit) != null && object.get(limit).isNumber()) {
                    object.put(limit, object.get(limit).asLong());
                }
            }
        }
        node.forEach(CustomResourceDefinitionFiles::tidy);
    }

    /**
     * What a status repeats of a spec has to be taken as it was, also when the spec's rules are others by then: so it has neither
     * rules in CEL nor defaults.
     */
    private static void unruled(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(List.of("x-kubernetes-validations", "default"));
        }
        node.forEach(CustomResourceDefinitionFiles::unruled);
    }

    private static void removeUnrecognized(ArrayNode values) {
        for (int i = values.size() - 1; i >= 0; i--) {
            if (values.get(i).asText().equals("Unrecognized")) {
                values.remove(i);
            }
        }
    }
}
