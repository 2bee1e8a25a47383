package dev.mainstay.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checked-in definitions are those of the records, and keep the promises that users and tools rely on. */
class CustomResourceDefinitionsTest {

    /** Fields whose inside is Kubernetes' own and documented there. */
    private static final Set<String> KUBERNETES_OWN =
            Set.of("resources", "tolerations", "affinity", "topologySpreadConstraints", "imagePullSecrets");

    private static final Path ROOT = Path.of(System.getProperty("repositoryRoot"));
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");

    private static Map<String, String> files;

    @BeforeAll
    static void generate(@TempDir Path folder) throws IOException {
        files = CustomResourceDefinitionFiles.generate(folder);
    }

    @Test
    void checkedInDefinitionsAreThoseOfTheRecords() throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            compare(ROOT.resolve("crds").resolve(file.getKey()), file.getValue());
        }
    }

    @Test
    void chartHoldsTheSameDefinitionsAndKeepsThemOnUninstall() throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            String kept = file.getValue()
                    .replaceFirst("\nmetadata:\n", "\nmetadata:\n  annotations:\n    helm.sh/resource-policy: keep\n");
            assertThat(kept).as("a template's braces").doesNotContain("{{");
            compare(ROOT.resolve("helm/mainstay-crds/templates").resolve(file.getKey()), kept);
        }
    }

    @Test
    void everyFieldHasADescription() throws IOException {
        List<String> bare = new ArrayList<>();
        for (Map.Entry<String, String> file : files.entrySet()) {
            collectBare(schema(file.getValue()), file.getKey(), bare);
        }
        assertThat(bare).isEmpty();
    }

    @Test
    void statusOfANewObjectIsNotTakenForDone() throws IOException {
        for (String file : files.values()) {
            assertThat(schema(file)
                            .at("/properties/status/default/observedGeneration")
                            .asInt())
                    .isEqualTo(-1);
        }
    }

    @Test
    void conditionsAreMergedByType() throws IOException {
        for (String file : files.values()) {
            assertThat(schema(file)
                            .at("/properties/status/properties/conditions/x-kubernetes-list-map-keys/0")
                            .asText())
                    .isEqualTo("type");
        }
    }

    @Test
    void everyDefinitionIsBelow200Kilobytes() {
        assertThat(files.values())
                .allSatisfy(file ->
                        assertThat(file.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(200_000));
    }

    @Test
    void noUnrecognizedValueIsOffered() {
        assertThat(files.values()).noneMatch(file -> file.contains("Unrecognized"));
    }

    private static JsonNode schema(String file) throws IOException {
        return new YAMLMapper().readTree(file).at("/spec/versions/0/schema/openAPIV3Schema");
    }

    private static void collectBare(JsonNode schema, String path, List<String> bare) {
        schema.path("properties").properties().forEach(property -> {
            String name = path + "." + property.getKey();
            if (property.getValue().path("description").asText().isBlank()) {
                bare.add(name);
            }
            if (!KUBERNETES_OWN.contains(property.getKey())) {
                collectBare(property.getValue(), name, bare);
                collectBare(property.getValue().path("items"), name + "[]", bare);
            }
        });
    }

    private static void compare(Path file, String wanted) throws IOException {
        if (UPDATE) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, wanted);
        }
        assertThat(file)
                .as("%s is not what the records say: run `make generate`", file)
                .hasContent(wanted);
    }
}
