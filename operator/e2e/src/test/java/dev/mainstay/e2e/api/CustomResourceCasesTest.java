package dev.mainstay.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.e2e.harness.ClusterClient.Answer;
import dev.mainstay.e2e.harness.TestNamespace;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the API server accepts and refuses, case by case, and that no rule of a CustomResourceDefinition lacks one. */
@Tag("api")
class CustomResourceCasesTest {

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    static List<CaseFile> cases() {
        return CaseFile.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void givenACase_whenItIsSent_thenItIsJudgedAsItsNameSays(CaseFile file) {
        Answer answer = new CaseRunner(namespace.name()).judge(file);

        assertThat(answer.accepted())
                .as(file + "; the API server: " + answer.message())
                .isEqualTo(file.valid());
        if (file.valid()) {
            assertThat(file.expectations())
                    .allSatisfy(expected ->
                            assertThat(fact(expected, answer.body())).isEqualTo(expected));
        } else {
            assertThat(file.expectations()).as(file + " says what is expected").isNotEmpty();
            assertThat(answer.message()).contains(file.expectations());
        }
    }

    @Test
    void givenAllRulesOfTheDefinitions_whenTheInvalidCasesAreSent_thenEachRuleRefusesOneOfThem() {
        CaseRunner runner = new CaseRunner(namespace.name());
        Set<SchemaRules.Rule> broken = new TreeSet<>();
        cases().stream()
                .filter(file -> !file.valid())
                .forEach(file -> runner.judge(file).causes().stream()
                        .flatMap(cause -> SchemaRules.brokenBy(file.kind(), cause).stream())
                        .forEach(broken::add));

        Set<SchemaRules.Rule> without = new TreeSet<>(SchemaRules.all());
        without.removeAll(broken);

        assertThat(without).as("rules that no invalid case breaks").isEmpty();
    }

    @Test
    void givenAllFieldsOfTheSpecs_whenTheValidCasesAreRead_thenEachFieldIsInOneOfThem() {
        Set<String> without = new TreeSet<>(SchemaRules.specFields());
        cases().stream()
                .filter(CaseFile::valid)
                .flatMap(file -> file.documents().stream()
                        .flatMap(document -> fields(file.kind() + ":spec", document.path("spec"))))
                .forEach(without::remove);

        assertThat(without).as("fields that no valid case sets").isEmpty();
    }

    @Test
    void givenAllDefaultsOfTheDefinitions_whenTheValidCasesAreRead_thenOneExpectsEach() {
        Set<String> without = new TreeSet<>(SchemaRules.specDefaults());
        cases().stream()
                .filter(CaseFile::valid)
                .flatMap(file -> file.expectations().stream()
                        .map(line -> file.kind() + ":" + line.replaceAll("\\[[0-9]+]", "[]")))
                .forEach(without::remove);

        assertThat(without).as("defaults that no valid case expects").isEmpty();
    }

    /** {@code path = value}, with the value that the object has. */
    private static String fact(String expectation, JsonNode object) {
        String path = expectation.split(" = ", 2)[0];
        String pointer = "/" + path.replace("[", "/").replace("]", "").replace('.', '/');
        return path + " = " + object.at(pointer).asText();
    }

    private static Stream<String> fields(String path, JsonNode node) {
        Stream<String> below = node.isArray()
                ? node.valueStream().flatMap(item -> fields(path + "[]", item))
                : node.propertyStream().flatMap(field -> fields(path + "." + field.getKey(), field.getValue()));
        return Stream.concat(Stream.of(path), below);
    }
}
