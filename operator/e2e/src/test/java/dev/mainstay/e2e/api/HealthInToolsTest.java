package dev.mainstay.e2e.api;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.e2e.harness.ClusterClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Flux and Helm judge by kstatus, Argo CD by the script that is shipped for it. They agree in every state that there can be:
 * each kind in each phase and with each outcome of its definition, with each reason, at work, stuck and done.
 */
@Tag("api")
class HealthInToolsTest {

    private static final Path STATES = ClusterClient.REPOSITORY.resolve("operator/e2e/src/test/resources/kstatus");
    private static final Map<String, String> HEALTH =
            Map.of("Current", "Healthy", "InProgress", "Progressing", "Failed", "Degraded");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new YAMLMapper();
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** An object, what it is for a person, and the verdict that it has to get. */
    private record State(String name, JsonNode object, String verdict) {}

    /** The three ways to tell how an object is, and there is no other: {@link Conditions} refuses it. */
    private enum Told {
        DONE("Current", Conditions::ready),
        AT_WORK("InProgress", Conditions::reconciling),
        STUCK("Failed", Conditions::stalled);

        private final String verdict;
        private final Teller teller;

        Told(String verdict, Teller teller) {
            this.verdict = verdict;
            this.teller = teller;
        }

        private interface Teller {
            Conditions tell(Conditions conditions, Reason reason, String message);
        }
    }

    @Test
    void givenEveryState_whenItIsJudged_thenKstatusAndArgoCdAgree() {
        List<State> states = new ArrayList<>();
        for (JsonNode definition : definitions()) {
            String kind = definition.at("/spec/names/kind").asText();
            for (ObjectNode status : places(definition)) {
                for (Told told : Told.values()) {
                    for (Reason reason : Reason.values()) {
                        states.add(state(kind, status, told, reason, 2, told.verdict));
                    }
                    states.add(state(kind, status, told, Reason.READY, 1, "InProgress"));
                    states.add(state(kind, status, told, Reason.READY, -1, "InProgress"));
                }
            }
        }
        System.out.printf("%d states judged by kstatus and by Argo CD's engine%n", states.size());

        agree(states);
    }

    @Test
    void givenTheStatesOfTheExamples_whenTheyAreJudged_thenKstatusAndArgoCdAgree() {
        agree(examples().stream()
                .map(file -> new State(file.getFileName().toString(), read(file), verdictOf(file)))
                .toList());
    }

    /** So that whoever adds a phase or an outcome says what the tools make of it. */
    @Test
    void givenAPhaseOrAnOutcome_whenItIsInADefinition_thenAnExampleHasIt() {
        Set<String> shown = new TreeSet<>();
        for (Path file : examples()) {
            JsonNode object = read(file);
            for (String field : List.of("phase", "outcome")) {
                shown.add(value(
                        object.path("kind").asText(),
                        field,
                        object.path("status").path(field)));
            }
        }
        Set<String> defined = new TreeSet<>();
        for (JsonNode definition : definitions()) {
            String kind = definition.at("/spec/names/kind").asText();
            for (String field : List.of("phase", "outcome")) {
                values(definition, field).forEach(value -> defined.add(value(kind, field, value)));
            }
        }

        assertThat(shown).containsAll(defined);
    }

    private static String value(String kind, String field, JsonNode value) {
        return kind + " " + field + " " + value.asText("");
    }

    private static JsonNode values(JsonNode definition, String field) {
        return definition.at("/spec/versions/0/schema/openAPIV3Schema/properties/status/properties/" + field + "/enum");
    }

    private static void agree(List<State> states) {
        String documents =
                states.stream().map(state -> state.object().toString()).collect(joining("\n"));
        List<String> kstatus = Kstatus.verdicts(documents);
        List<String> argo = ArgoCdHealth.verdicts(documents);

        assertThat(kstatus).hasSameSizeAs(states);
        assertThat(argo).hasSameSizeAs(states);
        for (int i = 0; i < states.size(); i++) {
            State state = states.get(i);
            assertThat(List.of(kstatus.get(i), argo.get(i)))
                    .as(state.name())
                    .isEqualTo(List.of(state.verdict(), HEALTH.get(state.verdict())));
        }
    }

    /** Where an object of the kind can be: in each phase, without an outcome and with each. */
    private static List<ObjectNode> places(JsonNode definition) {
        List<ObjectNode> places = new ArrayList<>(List.of(JSON.createObjectNode()));
        for (String field : List.of("phase", "outcome")) {
            for (ObjectNode place : List.copyOf(places)) {
                values(definition, field)
                        .forEach(value -> places.add(place.deepCopy().put(field, value.asText())));
            }
        }
        return places;
    }

    private static State state(String kind, ObjectNode place, Told told, Reason reason, long observed, String verdict) {
        List<Condition> conditions = told.teller
                .tell(new Conditions(List.of(), 2, NOW), reason, "A message.")
                .set("Finished", ConditionStatus.TRUE, reason, "A message.")
                .set("Another", ConditionStatus.FALSE, reason, "A message.")
                .list();
        ObjectNode object = JSON.createObjectNode()
                .put("apiVersion", "mainstay.dev/v1alpha1")
                .put("kind", kind);
        object.putObject("metadata").put("name", "a").put("generation", 2);
        ObjectNode status = place.deepCopy().put("observedGeneration", observed);
        status.set("conditions", TaskJson.mapper().valueToTree(conditions));
        object.set("status", status);
        return new State(kind + " " + place + " " + told + " " + reason + " seen " + observed, object, verdict);
    }

    private static List<JsonNode> definitions() {
        return ClusterClient.definitionFiles().stream()
                .map(HealthInToolsTest::read)
                .toList();
    }

    private static List<Path> examples() {
        try (Stream<Path> files = Files.list(STATES)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String verdictOf(Path file) {
        return file.getFileName().toString().split("\\.")[1];
    }

    private static JsonNode read(Path file) {
        try {
            return YAML.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
