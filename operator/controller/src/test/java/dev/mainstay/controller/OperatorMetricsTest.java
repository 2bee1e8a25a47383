package dev.mainstay.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.controller.health.DefinitionFields;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the operator looks at in the definitions is in those of its own release. */
class OperatorMetricsTest {

    private static final Path DEFINITIONS =
            Path.of(System.getProperty("repositoryRoot")).resolve("crds");

    @Test
    void everyDefinitionIsLookedAtAndLacksNothing() throws IOException {
        Map<String, JsonNode> definitions;
        try (Stream<Path> files = Files.list(DEFINITIONS)) {
            definitions = files.filter(file -> file.toString().endsWith(".yaml"))
                    .map(OperatorMetricsTest::read)
                    .collect(Collectors.toMap(
                            definition -> definition.at("/spec/names/plural").asText(), definition -> definition));
        }

        assertThat(OperatorMetrics.KINDS.stream().map(HasMetadata::getPlural)).containsAll(definitions.keySet());
        assertThat(OperatorMetrics.KINDS)
                .filteredOn(kind -> definitions.containsKey(HasMetadata.getPlural(kind)))
                .allSatisfy(kind -> {
                    JsonNode schema =
                            definitions.get(HasMetadata.getPlural(kind)).at("/spec/versions/0/schema/openAPIV3Schema");
                    assertThat(DefinitionFields.firstMissing(kind, schema)).isEmpty();
                    assertThat(DefinitionFields.known(kind)).hasSizeGreaterThan(10);
                });
    }

    private static JsonNode read(Path file) {
        try {
            return Serialization.unmarshal(Files.readString(file), JsonNode.class);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
